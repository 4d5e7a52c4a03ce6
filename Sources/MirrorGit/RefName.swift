/// The name of a ref, byte for byte: git compares nothing else, and asks for no encoding.
package struct RefName: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  package init(stringLiteral text: String) { self.init(text.utf8) }

  /// In the order of bytes, which git relies on.
  package static func < (left: RefName, right: RefName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// The name of the commit that an annotated tag of this name leads to.
  var peeled: RefName { RefName(bytes + Self.peeling) }

  /// Whether it is such a name.
  var isPeeled: Bool { bytes.suffix(3).elementsEqual(Self.peeling) }

  /// Whether it is that of a branch.
  var isBranch: Bool { bytes.starts(with: "refs/heads/".utf8) }

  /// Whether it can be a file below a repository without leading out of it (git-check-ref-format(1)).
  var isSafe: Bool {
    let name = isPeeled ? bytes.dropLast(3) : bytes[...]
    if name.elementsEqual("HEAD".utf8) { return true }
    guard name.starts(with: "refs/".utf8) else { return false }
    let doubled = zip(name, name.dropFirst()).contains { $0 == $1 && "./".utf8.contains($0) }
    return !doubled
      && name.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\\^:?*[~".utf8.contains($0) }
  }

  private static let peeling = Array("^{}".utf8)
}
