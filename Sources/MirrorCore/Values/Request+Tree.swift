/// Where a request's bytes lie in a tree of files by URL, which is laid out as `wget -x` does it.
extension Request {
  /// The origin's query, without the parameters of a login or a signature, which are nobody else's to see.
  package var plainQuery: String? { Locator(origin.identity)?.query }

  /// The file of the tree, percent-encoded as its URL is: `HOST/PATH?QUERY`, all of which is a name.
  ///
  /// Slashes in a row count as one, as they do for a file system and for a web server that looks for a file. Where
  /// the path ends in one the file is `index.html`. Codes are decoded but for those of a slash and of what no name
  /// may have in it, so that one file has one name however it was asked for.
  package var treePath: String {
    var names = origin.path.split(separator: "/").map { Self.encodedName(of: $0) }
    if origin.path.hasSuffix("/") { names.append("index.html") }
    let path = ([origin.authority] + names).joined(separator: "/")
    return plainQuery.map { "\(path)%3F\(Self.encodedName(of: $0))" } ?? path
  }

  /// The same as a path on a disk, or as a web server looks for it.
  package var treeFile: String { PercentEncoding.decode(treePath) }

  private static func encodedName(of text: some StringProtocol) -> String {
    let bytes = PercentEncoding.bytes(of: text)
    let isFolder = bytes == Array(".".utf8) || bytes == Array("..".utf8)
    let name = bytes.flatMap { byte in
      let isSafe = byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "/") && !isFolder
      return isSafe ? [byte] : PercentEncoding.code(of: byte)
    }
    return PercentEncoding.encode(name)
  }
}
