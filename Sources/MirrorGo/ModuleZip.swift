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
    var places = ZipPlaces()
    for entry in archive.entries {
      guard entry.name.starts(with: prefix) else {
        throw ZipArchive.Fault(
          reason: "has '\(entry.text)', which is not below \(module)@\(version)/")
      }
      let name = entry.name.dropFirst(prefix.count)
      if name.isEmpty { continue }
      try places.add(name, text: entry.text)
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

/// The names in a module's zip, of which no two may be one on a file system without case.
struct ZipPlaces {
  private var known: [[UInt8]: (name: [UInt8], isFolder: Bool)] = [:]

  init() {}

  /// Takes a name in, and the folders above it.
  ///
  /// - Throws: when it leads elsewhere, or is there already in whatever case.
  mutating func add(_ name: ArraySlice<UInt8>, text: String) throws(ZipArchive.Fault) {
    let isFolder = name.last == UInt8(ascii: "/")
    let path = isFolder ? name.dropLast() : name
    let elements = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard elements.allSatisfy(Self.isElement) else {
      throw ZipArchive.Fault(reason: "has a file of the name '\(text)'")
    }
    if elements.last.map({ Self.fold($0).elementsEqual("go.mod".utf8) }) ?? false, !isFolder {
      guard path.elementsEqual("go.mod".utf8) else {
        throw ZipArchive.Fault(reason: "has '\(text)', a go.mod that is not at the root")
      }
    }
    try add(path, isFolder: isFolder, text: text)
  }

  private mutating func add(
    _ path: ArraySlice<UInt8>, isFolder: Bool, text: String
  ) throws(ZipArchive.Fault) {
    let folded = Self.fold(path)
    if let other = known[folded] {
      guard other.isFolder, isFolder, other.name.elementsEqual(path) else {
        throw ZipArchive.Fault(reason: "has '\(text)' twice, perhaps in another case")
      }
      return
    }
    known[folded] = (Array(path), isFolder)
    if let slash = path.lastIndex(of: UInt8(ascii: "/")) {
      try add(path[..<slash], isFolder: true, text: text)
    }
  }

  /// Whether a part of a name is one on every file system; the rest of the rules is go's own business.
  private static func isElement(_ element: ArraySlice<UInt8>) -> Bool {
    guard let last = element.last, last != UInt8(ascii: ".") else { return false }
    return element.allSatisfy { byte in
      byte >= 0x20 && byte != 0x7F && !"\"'*<>?`|\\:".utf8.contains(byte)
    }
  }

  private static func fold(_ name: ArraySlice<UInt8>) -> [UInt8] {
    if name.allSatisfy({ $0 < 0x80 }) {
      return name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
    return Array(String(decoding: name, as: UTF8.self).lowercased().utf8)
  }
}
