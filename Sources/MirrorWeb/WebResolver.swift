public import MirrorCore

extension Ecosystem {
  /// Plain URLs: wget, curl, and whatever else asks its HTTP proxy.
  public static let web = Ecosystem(rawValue: "web")
}

/// The language of wget, curl and of every program that gets plain URLs.
///
/// The identity of a file is its whole URL with its query. wget and curl are reached by a wrapper of
/// the same name, which rewrites the URLs on their command line; other programs by `http_proxy`.
public struct WebResolver: Resolver {
  /// `web`.
  public let ecosystem = Ecosystem.web

  /// Creates the resolver.
  public init() {}

  /// Asks for wrappers, which find the gateway by `MIRROR_GATEWAY`.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) -> Redirection {
    Redirection(environment: ["MIRROR_GATEWAY": gateway.url()], wrappers: ["wget", "curl"])
  }

  /// Answers every whole URL.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    guard case .url(let url) = query.target else { return nil }
    guard let redirected = RedirectedURL(url) else { return .artifact(request(for: url)) }
    return .artifact(
      request(for: redirected.original), showsRedirect: !redirected.followsRedirects)
  }

  /// Takes `http` and `https` URLs, and `pkg:generic/` with a `download_url`.
  public func request(naming name: String) -> Request? {
    if let url = Locator(name), ["http", "https"].contains(url.scheme) { return request(for: url) }
    guard let package = PackageURL(name), package.type == "generic",
      let url = package.qualifiers["download_url"].flatMap({ Locator($0) })
    else { return nil }
    var request = request(for: url)
    if let digest = package.qualifiers["checksum"].flatMap({ Digest($0) }) {
      request.digests = [digest]
    }
    return request
  }

  /// `HOST/PATH?QUERY`, as `wget -x` lays files out and `layout = tree` reads them.
  ///
  /// - Throws: `misconfigured` when two that differ want the same place.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]? {
    try URLTree(
      entries.compactMap { entry in
        guard let digest = entry.bytes?.digest, let request = request(heldTo: entry) else {
          return nil
        }
        return (request, digest)
      }
    ).files
  }

  /// The URL itself.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    WebOrigin(transport: transport)
  }

  /// `/etc/wgetrc`, which makes a gateway wget's proxy for `http`; curl reads no file of the whole machine,
  /// and neither tool knows of mirrors.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] {
    guard case .gateway(let url) = place else { return [] }
    return [
      NativeFile(path: "/etc/wgetrc", text: "use_proxy = on\nhttp_proxy = \(url.endpoint)/\n")
    ]
  }

  private func request(for url: Locator) -> Request {
    let identity = url.identity
    let name = url.lastComponent.isEmpty ? url.host : url.lastComponent
    return Request(
      ecosystem: ecosystem, identity: identity,
      package: PackageURL(type: "generic", name: name, qualifiers: ["download_url": identity]),
      ownerName: url.host + url.path, origin: url)
  }
}

/// The server that a URL names.
struct WebOrigin: Mirror {
  let name = "origin"
  let transport: any Transport

  func endpoint(for request: Request) -> String? { request.origin.endpoint }

  func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    var retrieval = Retrieval(
      request.origin, subject: request.identity, source: name, accept: request.accept,
      reloads: request.reloads, isGatekeeper: true)
    retrieval.keepsRedirect = true
    return try await transport.get(retrieval, to: sink)
  }
}
