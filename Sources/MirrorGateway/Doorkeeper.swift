internal import FoundationEssentials
import MirrorCore

/// A client that may use the gateway.
struct Visitor: Equatable {
  /// What it said besides the token: `x` of the user `mirror+x`.
  var mark: String?
}

/// Whether a client may use the gateway: it shows the token, in a header or in the path.
struct Doorkeeper: Sendable {
  private let token: Secret?
  private let prefix: String?

  init(token: Secret?) {
    self.token = token
    prefix = token.map { "/t/\($0.reveal())/" }
  }

  /// Whoever the header values show, if one of them shows the token, or none is asked for (RFC 7617).
  func visitor(shownIn headers: [String?]) -> Visitor? {
    let logins = headers.compactMap { $0.flatMap(Self.login) }
    guard let token else { return logins.first?.visitor ?? Visitor() }
    return logins.first { Self.equal($0.password, token.reveal()) }?.visitor
  }

  /// What an HTTP Basic header value of a user of ours says.
  private static func login(_ value: String) -> (visitor: Visitor, password: String)? {
    guard value.hasPrefix("Basic "), let bytes = Data(base64Encoded: String(value.dropFirst(6)))
    else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = words[0].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, name[0] == "mirror" else { return nil }
    return (Visitor(mark: name.count == 2 ? String(name[1]) : nil), String(words[1]))
  }

  /// The rest of a path that begins with the token, for tools that refuse a login on plain HTTP.
  func path(admittedIn path: String) -> String? {
    guard let prefix, path.utf8.count >= prefix.utf8.count,
      Self.equal(String(path.prefix(prefix.count)), prefix)
    else { return nil }
    return "/" + path.dropFirst(prefix.count)
  }

  /// Compares without telling by the time taken where the difference is.
  private static func equal(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
