import MirrorCore

/// The zip file of a module, held to the rules of golang.org/x/mod/zip: what the go command would refuse
/// is not delivered to it.
struct ModuleZip {
  /// The most that a zip file, or all of its files, may be long.
  static let sizeLimit = 500 << 20
  /// The most that go.mod and LICENSE may be long.
  static let textLimit = 16 << 20

  private let archive: ZipArchive
  private let prefix: [UInt8]

  /// Reads the archive of a version, and checks names and lengths.
  ///
  /// - Throws: when it is not the zip file of that version.
  init(
    _ file: OpenFile, size: Int, of module: ModulePath, _ version: ModuleVersion
  ) throws(ZipArchive.Fault) {
    guard size <= Self.sizeLimit else {
      throw ZipArchive.Fault(reason: "is longer than the 500 MiB of a module")
    }
    archive = try ZipArchive(file, size: size)
    prefix = Array("\(module)@\(version)/".utf8)
    var rest = Self.sizeLimit
    var names = ModuleFileNames()
    for entry in archive.entries {
      guard entry.name.starts(with: prefix) else {
        throw ZipArchive.Fault(
          reason: "has '\(entry.text)', which is not below \(module)@\(version)/")
      }
      let name = entry.name.dropFirst(prefix.count)
      if name.isEmpty { continue }
      try names.add(name, text: entry.text)
      rest -= min(entry.size, Self.sizeLimit + 1)
      guard rest >= 0 else {
        throw ZipArchive.Fault(reason: "holds more than the 500 MiB of a module")
      }
      let isText = name.elementsEqual("go.mod".utf8) || name.elementsEqual("LICENSE".utf8)
      guard !isText || entry.size <= Self.textLimit else {
        throw ZipArchive.Fault(reason: "has '\(entry.text)' of more than 16 MiB")
      }
    }
  }

  /// The h1 hash over every file, each unpacked once.
  ///
  /// - Throws: when a file is not what the directory says.
  func h1() throws(ZipArchive.Fault) -> String {
    var files: [(name: [UInt8], digest: Digest)] = []
    files.reserveCapacity(archive.entries.count)
    for entry in archive.entries {
      var hash = ContentHash()
      try archive.read(entry) { hash.update($0) }
      files.append((entry.name, hash.digest()))
    }
    return ModuleHash.h1(files)
  }
}
