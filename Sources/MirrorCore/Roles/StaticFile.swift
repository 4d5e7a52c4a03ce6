/// A file of a tree that an ecosystem's tools read without us.
public struct StaticFile: Hashable, Sendable {
  /// Where its bytes come from.
  public enum Bytes: Hashable, Sendable {
    /// The store has them.
    case stored(Digest)
    /// They were made for the tree.
    case made([UInt8])
  }

  /// Where it is below the tree's root, not percent-encoded, without a leading slash.
  public var path: String
  /// What is in it.
  public var bytes: Bytes

  /// Creates a file.
  public init(path: String, bytes: Bytes) {
    self.path = path
    self.bytes = bytes
  }

  /// Whether the path stays below the root and names a file on any disk.
  package var isSafe: Bool {
    let words = path.split(separator: "/", omittingEmptySubsequences: false)
    return words.allSatisfy { word in
      !word.isEmpty && word != "." && word != ".." && !word.utf8.contains(0)
        && word.utf8.count <= 255
    }
  }
}
