public import MirrorCore

/// A mirror that keeps files below a base URL: a disk behind nginx, a generic repository, a bucket.
public final class HTTPMirror: Mirror {
  /// The mirror's name.
  public let name: String
  private let settings: SourceSettings
  private let layout: Layout
  private let transport: any Transport

  /// Creates a mirror.
  public init(_ settings: SourceSettings, layout: Layout, over transport: any Transport) {
    name = settings.name
    self.settings = settings
    self.layout = layout
    self.transport = transport
  }

  /// The base URL's.
  public func endpoint(for request: Request) -> String? { settings.url.endpoint }

  /// The file's URL at the mirror.
  public func location(of request: Request) -> String? { locator(of: request)?.description }

  /// Gets the file.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let locator = locator(of: request) else { return .nothing(nil) }
    return try await transport.get(settings.retrieval(of: locator, for: request), to: sink)
  }

  /// The file's URL at the mirror, as the layout makes it.
  public func locator(of request: Request) -> Locator? {
    guard let path = layout.path(request) else { return nil }
    let words = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let base = settings.url.path.hasSuffix("/") ? settings.url.path : settings.url.path + "/"
    var name = String(words[0])
    var query = words.count > 1 ? String(words[1]) : nil
    // To a bucket and a folder the whole is a name; only a server may know what a query is.
    if settings.s3Region != nil || settings.url.scheme == "file", let text = query {
      name += "%3F" + PercentEncoding.encode(text)
      query = nil
    }
    return Locator(
      scheme: settings.url.scheme, host: settings.url.host, port: settings.url.port,
      path: base + name, query: query, userInfo: settings.url.userInfo)
  }
}
