import MirrorCore

/// What git asks of a repository over HTTP (gitprotocol-http(5)), as a path below the gateway's `git/`.
struct GitQuestion: Hashable, Sendable {
  /// What is wanted of a repository.
  enum Matter: Hashable, Sendable {
    /// The refs, or what the server can do.
    case advertisement
    /// Objects, or refs in version 2 of the protocol.
    case uploadPack
    /// Another service, of that name.
    case service(String)
  }

  var repository: GitRepository
  var matter: Matter

  /// Reads `SCHEME/HOST/PATH/info/refs?service=…` and the like; `nil` when it is none of them.
  init?(_ path: String, method: String) {
    let words = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let place = words.first, let slash = place.firstIndex(of: "/") else { return nil }
    let scheme = String(place[..<slash])
    var rest = place[place.index(after: slash)...]
    if method == "GET", rest.hasSuffix("/info/refs") {
      rest = rest.dropLast(10)
      guard words.count == 2, words[1].hasPrefix("service=") else { return nil }
      let service = String(words[1].dropFirst(8))
      matter = service == "git-upload-pack" ? .advertisement : .service(service)
    } else if method == "POST", rest.hasSuffix("/git-upload-pack") {
      rest = rest.dropLast(16)
      matter = .uploadPack
    } else {
      return nil
    }
    guard let repository = GitRepository(scheme: scheme, rest: String(rest)) else { return nil }
    self.repository = repository
  }
}
