/// The names in a module's zip, of which no two may be one on a file system without case.
struct ModuleFileNames {
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
