import MirrorCore

/// The path of a module, as go.mod files write it, such as `example.com/Upper/Case`.
struct ModulePath: Hashable, Sendable, CustomStringConvertible {
  /// The path.
  let description: String

  /// Checks a path; `nil` when the go command would not ask a proxy for it.
  ///
  /// The rules are those of `module.CheckPath` that keep a path from being anything else: elements of
  /// ASCII letters, digits and `-._~`, none of them empty or only dots, and a dot in the first one.
  init?(_ path: some StringProtocol) {
    let elements = Substring(path).split(separator: "/", omittingEmptySubsequences: false)
    guard let host = elements.first, host.utf8.contains(UInt8(ascii: ".")),
      elements.allSatisfy({ Self.isElement($0) }), host.first != "-"
    else { return nil }
    description = String(path)
  }

  /// Reads the escaped form, in which `!` and a small letter stand for the capital one
  /// (`module.EscapePath`).
  init?(escaped: some StringProtocol) {
    guard let path = Self.unescape(escaped) else { return nil }
    self.init(path)
  }

  /// The escaped form, which differs from that of another module on every file system.
  var escaped: String { Self.escape(description) }

  /// The package that it is for lists of packages.
  func package(version: String? = nil) -> PackageURL {
    let slash = description.lastIndex(of: "/")
    return PackageURL(
      type: "golang", namespace: slash.map { String(description[..<$0]) } ?? "",
      name: slash.map { String(description[description.index(after: $0)...]) } ?? description,
      version: version)
  }

  /// Writes `!` and a small letter for every capital one.
  static func escape(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(where: { isCapital($0) }) else { return String(text) }
    var result: [UInt8] = []
    for byte in text.utf8 {
      if isCapital(byte) { result.append(UInt8(ascii: "!")) }
      result.append(isCapital(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Takes ``escape(_:)`` back; `nil` when the text is not of that form.
  static func unescape(_ text: some StringProtocol) -> String? {
    var result: [UInt8] = []
    var isMarked = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "!") where !isMarked:
        isMarked = true
      case 0x61...0x7A where isMarked:
        result.append(byte - 0x20)
        isMarked = false
      case _ where isMarked, 0x41...0x5A, 0x80...:
        return nil
      default:
        result.append(byte)
      }
    }
    return isMarked ? nil : String(decoding: result, as: UTF8.self)
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

  private static func isElement(_ element: Substring) -> Bool {
    guard element.utf8.last.map({ $0 != UInt8(ascii: ".") }) ?? false, element.first != "." else {
      return false
    }
    return element.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "-._~".utf8.contains(byte)
      }
    }
  }
}
