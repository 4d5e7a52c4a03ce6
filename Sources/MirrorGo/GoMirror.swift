import MirrorCore

/// A mirror of the configuration that speaks the GOPROXY protocol.
struct GoMirror: Mirror {
  let name: String
  private let settings: SourceSettings
  private let client: ProxyClient

  init(_ settings: SourceSettings, over transport: any Transport, heads: SumHeads) {
    name = settings.name
    self.settings = settings
    client = ProxyClient(
      source: settings.name, base: settings.url, transport: transport, heads: heads)
  }

  func endpoint(for request: Request) -> String? { settings.url.endpoint }

  func location(of request: Request) -> String? {
    locator(of: request)?.description
  }

  func locator(of request: Request) -> Locator? {
    request.proxyPath.map { settings.url.appending($0.encoded) }
  }

  func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let path = request.proxyPath else { return .nothing(nil) }
    return try await client.fetch(path, of: request, to: sink) {
      settings.retrieval(of: $0, for: request)
    }
  }
}
