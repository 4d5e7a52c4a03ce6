import MirrorCore

/// Credentials by place: the reference of the mirror for its own endpoint, then netrc.
///
/// They are looked up for each hop of a redirect anew, so none of them travels to another host.
struct Credentials: Sendable {
  private let netrc: Netrc?
  private let reader: CredentialReader

  /// Creates a look-up.
  ///
  /// - Parameter environment: where `env:` references and the path of netrc (`NETRC`, else
  ///   `HOME/.netrc`) are found.
  init(environment: [String: String], usesNetrc: Bool) {
    reader = CredentialReader(environment: environment, programs: SubprocessRunner())
    let path = !usesNetrc ? nil : environment["NETRC"] ?? environment["HOME"].map { "\($0)/.netrc" }
    let bytes = path.flatMap { try? Disk.read($0) }
    netrc = bytes.map { Netrc(String(decoding: $0, as: UTF8.self)) }
  }

  /// The Authorization header for a hop; `nil` when there is nothing to show.
  ///
  /// - Throws: `misconfigured` when a reference leads nowhere.
  func authorization(
    for hop: Locator, of retrieval: Retrieval
  ) async throws(MirrorError) -> Secret? {
    if let reference = retrieval.credential, hop.endpoint == retrieval.credentialEndpoint {
      return try await reader.authorization(reference, for: hop, of: retrieval.source)
    }
    if let login = hop.login { return login.authorization }
    return netrc?.login(for: hop)?.authorization
  }

  /// What signs the requests of a hop; `nil` where they are not signed, or nothing is there to sign them
  /// with.
  ///
  /// - Throws: `misconfigured` when a reference leads nowhere, or to no pair of keys.
  func signature(
    for hop: Locator, of retrieval: Retrieval
  ) async throws(MirrorError) -> RequestSignature? {
    guard let region = retrieval.s3Region, hop.endpoint == retrieval.credentialEndpoint,
      let reference = retrieval.credential
    else { return nil }
    let keys = try await reader.login(reference, for: hop, of: retrieval.source)
    return RequestSignature(keys: keys, region: region)
  }

  /// Where a credential for the hop was looked for, for a message about its refusal.
  func whereabouts(of hop: Locator, _ retrieval: Retrieval) -> String {
    if retrieval.s3Region != nil, retrieval.credential == nil {
      return "the bucket's credential: s3-region signs with one of ACCESS-KEY:SECRET-KEY"
    }
    if let reference = retrieval.credential, hop.endpoint == retrieval.credentialEndpoint {
      return "the credential \(reference)"
    }
    return hop.userInfo == nil ? "netrc for \(hop.authority)" : "the login in the URL"
  }
}
