public import MirrorCore
internal import SonicHook

/// An ecosystem of URLs whose bytes must have the MD5 that SONiC's `versions-web` says.
///
/// The MD5 is checked beside whatever the lock pins: bytes that do not have it are never passed on as
/// good. It also lets a mirror be asked by it (`layout = name-md5`). A URL that is not listed is what it
/// was.
public struct PinnedResolver: Resolver {
  private let resolver: any Resolver
  private let digests: [String: Digest]

  /// Holds an ecosystem's URLs to a list.
  public init(_ resolver: any Resolver, to list: VersionList) {
    self.resolver = resolver
    var digests: [String: Digest] = [:]
    for (url, version) in list.entries {
      guard let request = resolver.request(naming: url) else { continue }
      digests[request.identity] = Digest(.md5, hex: version)
    }
    self.digests = digests
  }

  /// The ecosystem of the resolver underneath.
  public var ecosystem: Ecosystem { resolver.ecosystem }

  /// That of the resolver underneath.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) async -> Redirection {
    await resolver.redirection(to: gateway, in: surroundings, scratch: scratch)
  }

  /// That of the resolver underneath, with the MD5 of the URL unless the call is to have no pins
  /// (`SKIP_BUILD_HOOK`).
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    let answer = resolver.answer(to: query, frozen: frozen)
    guard case .artifact(let request, let showsRedirect) = answer,
      query.mark != BuildSettings.unpinned
    else { return answer }
    return .artifact(pinned(request), showsRedirect: showsRedirect)
  }

  /// That of the resolver underneath, with the MD5 of the URL.
  public func request(naming name: String) -> Request? {
    resolver.request(naming: name).map(pinned)
  }

  /// That of the resolver underneath.
  public func request(
    for package: PackageURL, in lock: Lockfile, _ surroundings: Surroundings
  ) async throws(MirrorError) -> Request? {
    try await resolver.request(for: package, in: lock, surroundings)
  }

  /// That of the resolver underneath, with the MD5 of the URL.
  public func request(for entry: LockEntry) -> Request? {
    resolver.request(for: entry).map(pinned)
  }

  /// As the resolver underneath.
  public func survey(
    _ entry: LockEntry, in surroundings: Surroundings
  ) async throws(MirrorError) -> Bool {
    try await resolver.survey(entry, in: surroundings)
  }

  /// Those of the resolver underneath.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]? {
    try resolver.staticFiles(of: entries, reading: read)
  }

  /// Those of the resolver underneath.
  public func writeFolders(
    of entries: [LockEntry], to folder: String, in surroundings: Surroundings
  ) async throws(MirrorError) -> Int {
    try await resolver.writeFolders(of: entries, to: folder, in: surroundings)
  }

  /// That of the resolver underneath.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    resolver.origin(over: transport, in: surroundings)
  }

  /// Those of the resolver underneath.
  public func upstreams(in surroundings: Surroundings) async -> [String] {
    await resolver.upstreams(in: surroundings)
  }

  /// That of the resolver underneath.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    resolver.mirror(settings, over: transport, in: surroundings)
  }

  /// As the resolver underneath.
  public var holdsVersions: Bool { resolver.holdsVersions }

  /// That of the resolver underneath.
  public var verifier: (any Verifier)? { resolver.verifier }

  /// As the resolver underneath completes them.
  public func completed(
    _ entries: [LockEntry], in surroundings: Surroundings, file: @Sendable (Digest) -> String
  ) async -> [LockEntry] {
    await resolver.completed(entries, in: surroundings, file: file)
  }

  /// Those of the resolver underneath.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] {
    resolver.nativeFiles(for: place, in: surroundings)
  }

  private func pinned(_ request: Request) -> Request {
    guard let digest = digests[request.identity], !request.digests.contains(digest) else {
      return request
    }
    var request = request
    request.digests.append(digest)
    return request
  }
}
