import FoundationEssentials
import MirrorCore

/// Credentials by place: the reference of the mirror for its own endpoint, then netrc.
///
/// They are looked up for each hop of a redirect anew, so none of them travels to another host.
struct Credentials: Sendable {
  private let environment: [String: String]
  private let netrc: Netrc?
  private let answers = HelperAnswers()

  /// Creates a look-up.
  ///
  /// - Parameter environment: where `env:` references and the path of netrc (`NETRC`, else
  ///   `HOME/.netrc`) are found.
  init(environment: [String: String], usesNetrc: Bool) {
    self.environment = environment
    let path = !usesNetrc ? nil : environment["NETRC"] ?? environment["HOME"].map { "\($0)/.netrc" }
    let bytes = path.flatMap { try? Disk.read($0) }
    netrc = bytes.map { Netrc(String(decoding: $0, as: UTF8.self)) }
  }

  /// The Authorization header for a hop; `nil` when there is nothing to show.
  ///
  /// A secret with a colon is `user:password` for Basic (RFC 7617); any other is a Bearer token
  /// (RFC 6750).
  ///
  /// - Throws: `misconfigured` when a reference leads nowhere.
  func authorization(
    for hop: Locator, of retrieval: Retrieval
  ) async throws(MirrorError) -> Secret? {
    if let reference = retrieval.credential, hop.endpoint == retrieval.credentialEndpoint {
      return try await secret(reference, of: retrieval.source).authorization
    }
    if let userInfo = hop.userInfo {
      return Secret(PercentEncoding.decode(userInfo.reveal())).authorization
    }
    return netrc?.login(for: hop)?.authorization
  }

  /// Where a credential for the hop was looked for, for a message about its refusal.
  func whereabouts(of hop: Locator, _ retrieval: Retrieval) -> String {
    if let reference = retrieval.credential, hop.endpoint == retrieval.credentialEndpoint {
      return "the credential \(reference)"
    }
    return hop.userInfo == nil ? "netrc for \(hop.authority)" : "the login in the URL"
  }

  private func secret(
    _ reference: CredentialReference, of source: String
  ) async throws(MirrorError) -> Secret {
    let text: String?
    switch reference {
    case .environment(let name): text = environment[name]
    case .file(let path):
      text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) }
    case .command(let words): text = await answers.answer(to: words)
    }
    guard let line = text?.split(whereSeparator: \.isNewline).first, !line.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(source): the credential \(reference) is empty or cannot be read")
    }
    return Secret(String(line))
  }
}

extension Secret {
  /// The value of an Authorization header: Basic for `user:password`, Bearer for anything else.
  var authorization: Secret {
    let text = reveal()
    return text.contains(":")
      ? Secret("Basic \(Data(text.utf8).base64EncodedString())") : Secret("Bearer \(text)")
  }
}
