/// The names in a module's zip, of which no two may be one on a file system without case.
struct ModuleFileNames {
  /// A name in a folder, without its case.
  private struct Place: Hashable {
    var folder: Int
    var name: [UInt8]
  }

  /// What is there, under the number of the folder that it is in; a file has none of its own.
  private var known: [Place: (name: ArraySlice<UInt8>, number: Int?)] = [:]

  /// The most that a name may be long, in bytes: no file system takes a longer path.
  private static let longest = 4096
  /// The most names that there may be, folders included.
  private static let limit = 1 << 20

  init() {}

  /// Takes a name in, and the folders above it.
  ///
  /// - Throws: when it leads elsewhere, or is there already in whatever case.
  mutating func add(_ name: ArraySlice<UInt8>, text: String) throws(ZipArchive.Fault) {
    guard name.count <= Self.longest else {
      throw ZipArchive.Fault(reason: "has a name of \(name.count) bytes")
    }
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
    var folder = 0
    for (index, element) in elements.enumerated() {
      let isFolder = isFolder || index < elements.count - 1
      let place = Place(folder: folder, name: Self.fold(element))
      if let other = known[place] {
        guard let number = other.number, isFolder, other.name.elementsEqual(element) else {
          throw ZipArchive.Fault(reason: "has '\(text)' twice, perhaps in another case")
        }
        folder = number
      } else {
        guard known.count < Self.limit else {
          throw ZipArchive.Fault(reason: "has more than \(Self.limit) files and folders")
        }
        let number = known.count + 1
        known[place] = (element, isFolder ? number : nil)
        folder = number
      }
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
