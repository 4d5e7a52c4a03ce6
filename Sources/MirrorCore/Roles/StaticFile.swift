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

extension Request {
  /// The origin's query, without the parameters of a login or a signature, which are nobody else's to see.
  package var plainQuery: String? { Locator(origin.identity)?.query }

  /// `HOST/PATH?QUERY`, as `wget -x` lays files out, percent-encoded as a file's URL is: the whole is a
  /// name, and a server that was asked with a query would give every one of them the same file.
  package var treePath: String {
    let query = plainQuery.map { "%3F" + PercentEncoding.encode($0) }
    return origin.authority + origin.path + (query ?? "")
  }

  /// The same as a file's path: decoded, as a web server looks for it, and `index.html` where it ends in
  /// a slash.
  package var treeFile: String {
    let path = origin.authority + PercentEncoding.decode(origin.path)
    let file = path.hasSuffix("/") ? path + "index.html" : path
    return plainQuery.map { "\(file)?\($0)" } ?? file
  }
}
