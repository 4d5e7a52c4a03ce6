internal import FoundationEssentials
import MirrorCore

/// Whether a client may use the gateway: it shows the token, in a header or in the path.
struct Doorkeeper: Sendable {
  private let expected: String?
  private let prefix: String?

  init(token: Secret?) {
    expected = token.map { "Basic \(Data("mirror:\($0.reveal())".utf8).base64EncodedString())" }
    prefix = token.map { "/t/\($0.reveal())/" }
  }

  /// Whether one of the header values is the right one (RFC 7617).
  func admits(_ headers: [String?]) -> Bool {
    guard let expected else { return true }
    return headers.contains { $0.map { Self.equal($0, expected) } ?? false }
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
