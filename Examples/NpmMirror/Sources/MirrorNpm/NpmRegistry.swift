import MirrorCore

/// A registry, the user's own or a mirror of it.
struct NpmRegistry: Mirror {
  let name: String
  private let transport: any Transport
  private let url: @Sendable () async -> String?

  init(
    _ name: String, over transport: any Transport, at url: @escaping @Sendable () async -> String?
  ) {
    self.name = name
    self.transport = transport
    self.url = url
  }

  func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding {
    guard let line = await url()?.split(whereSeparator: \.isWhitespace).first,
      let base = Locator(line.hasSuffix("/") ? String(line) : "\(line)/"),
      let locator = base.resolving(String(request.origin.path.dropFirst()))
    else {
      throw MirrorError(
        .misconfigured, "npm: no registry is known; set npm_config_registry, or install npm")
    }
    return try await transport.get(
      Retrieval(
        locator, subject: request.identity, source: name, reloads: request.reloads), to: sink)
  }
}
