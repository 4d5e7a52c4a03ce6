/// What the configuration says of one mirror.
public struct SourceSettings: Hashable, Sendable {
  /// A place of an upstream, and the place of a mirror that stands in for it.
  public struct Root: Hashable, Sendable {
    /// The upstream's URL.
    public var upstream: Locator
    /// The path below the mirror's URL, without slashes at its ends.
    public var path: String

    /// Creates a pair.
    public init(upstream: Locator, path: String) {
      self.upstream = upstream
      self.path = path
    }
  }

  /// The mirror's name.
  public var name: String
  /// Its base URL.
  public var url: Locator
  /// The program that answers instead of a URL, with its arguments; none for a mirror that has one.
  public var program: [String] = []
  /// Where below its URL it keeps what upstreams keep below theirs; none where all of it lies at the URL.
  public var roots: [Root]
  /// How its paths are made; `nil` for the ecosystem's own protocol.
  public var layout: String?
  /// How the paths of its repositories are made from those of the upstream, such as
  /// `{owner}/{name}.git`; `nil` for the ecosystem's own way.
  public var repositories: String?
  /// What happens when it does not answer.
  public var mode: Source.Mode
  /// Whether it may be asked for owned names.
  public var isOwner: Bool
  /// Where its credential is found.
  public var credential: CredentialReference?
  /// The region of an S3-compatible server: its requests are signed for it, and a query is part of a name;
  /// `nil` for any other server.
  public var s3Region: String?
  /// HTTP statuses that mean "not here" at this mirror, besides 404 and 410.
  public var absentCodes: Set<Int>
  /// The path of an object it must always hold.
  public var canary: String?

  /// Creates settings with the defaults of the configuration file.
  public init(
    name: String, url: Locator, roots: [Root] = [], layout: String? = nil,
    mode: Source.Mode = .bestEffort,
    isOwner: Bool = false, credential: CredentialReference? = nil, absentCodes: Set<Int> = [],
    canary: String? = nil
  ) {
    self.name = name
    self.url = url
    self.roots = roots
    self.layout = layout
    self.mode = mode
    self.isOwner = isOwner
    self.credential = credential
    self.absentCodes = absentCodes
    self.canary = canary
  }

  /// A retrieval from this mirror.
  public func retrieval(
    of locator: Locator, for request: Request, accept: String? = nil
  ) -> Retrieval {
    var retrieval = Retrieval(
      locator, subject: request.identity, source: name, accept: accept ?? request.accept,
      reloads: request.reloads, absentCodes: absentCodes, credential: credential,
      isGatekeeper: mode == .gatekeeper)
    // A page may link anywhere; the credential is for the mirror alone.
    retrieval.credentialEndpoint = url.endpoint
    retrieval.s3Region = s3Region
    return retrieval
  }
}
