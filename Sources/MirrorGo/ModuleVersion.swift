/// The version of a module: canonical semantic version (semver.org 2.0) with a `v` before it.
struct ModuleVersion: Hashable, Sendable, CustomStringConvertible {
  /// The version as written.
  let description: String

  /// Reads a canonical version: `vX.Y.Z`, perhaps with a pre-release, perhaps with `+incompatible`.
  ///
  /// - Returns: `nil` for anything else, such as a branch or `v1.2`, which stand for a version only for
  ///   the time being.
  init?(_ text: some StringProtocol) {
    guard text.first == "v" else { return nil }
    var rest = Substring(text).dropFirst()
    if rest.hasSuffix("+incompatible") { rest = rest.dropLast(13) }
    let parts = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers.allSatisfy({ Self.isNumber($0) }) else { return nil }
    if parts.count > 1 {
      let words = parts[1].split(separator: ".", omittingEmptySubsequences: false)
      guard words.allSatisfy({ Self.isWord($0) }) else { return nil }
    }
    description = String(text)
  }

  /// Whether a proxy may give that version for this one: a module without go.mod at a major version above
  /// 1 is asked for without `+incompatible` and told with it (go.dev/ref/mod#incompatible-versions).
  func isSame(as version: String) -> Bool {
    version == description || version == "\(description)+incompatible"
  }

  /// Whether a text can be asked for as a version: a branch, a tag or the beginning of a commit.
  static func isQuery(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text != "." && text != ".."
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~+@=^{}[]()#$%&, ".utf8.contains(byte)
        }
      }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && (text.utf8.count == 1 || text.first != "0")
  }

  private static func isWord(_ text: Substring) -> Bool {
    guard
      !text.isEmpty,
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
          || byte == UInt8(ascii: "-")
      })
    else { return false }
    let isNumeric = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return !isNumeric || isNumber(text)
  }
}
