/// Whoever moves the bytes of a URL: MirrorHTTP in earnest, a fake in tests.
///
/// Ecosystems and mirrors are written against this role, so that none of them needs a network package.
public protocol Transport: Sendable {
  /// Moves the bytes of a URL into the sink.
  ///
  /// Retries, resumes and follows redirects by itself; what it throws is final.
  ///
  /// - Throws: `unavailable`, `denied`, `insecure` or `misconfigured`.
  func get(_ retrieval: Retrieval, to sink: any ByteSink) async throws(MirrorError) -> Finding
}

/// One URL to get, and the circumstances.
public struct Retrieval: Hashable, Sendable {
  /// The URL.
  public var locator: Locator
  /// What the bytes are for people: the words that messages begin with.
  public var subject: String
  /// The name of the source that is asked, for messages.
  public var source: String
  /// The media types to ask for.
  public var accept: String?
  /// Whether caches on the way must be passed by.
  public var reloads: Bool
  /// HTTP statuses that mean "not here" at this source, besides 404 and 410.
  public var absentCodes: Set<Int>
  /// The source's credential.
  public var credential: CredentialReference?
  /// The only endpoint that the credential is shown to.
  public var credentialEndpoint: String
  /// The region of an S3-compatible server, which is shown no credential but a signature made with it.
  public var s3Region: String?
  /// Whether a redirect is the tool's own business, to be shown to it: so at the origin.
  public var keepsRedirect = false
  /// Whether the source is one that nobody stands behind, so that more patience is due.
  public var isGatekeeper: Bool

  /// Creates a retrieval.
  public init(
    _ locator: Locator, subject: String, source: String, accept: String? = nil,
    reloads: Bool = false, absentCodes: Set<Int> = [], credential: CredentialReference? = nil,
    isGatekeeper: Bool = false
  ) {
    self.locator = locator
    self.subject = subject
    self.source = source
    self.accept = accept
    self.reloads = reloads
    self.absentCodes = absentCodes
    self.credential = credential
    credentialEndpoint = locator.endpoint
    self.isGatekeeper = isGatekeeper
  }
}
