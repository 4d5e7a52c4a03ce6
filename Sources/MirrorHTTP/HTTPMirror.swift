public import MirrorCore
import Synchronization

/// A mirror that keeps files below a base URL: a disk behind nginx, a generic repository, a bucket.
public final class HTTPMirror: Mirror {
  /// The mirror's name.
  public let name: String
  private let settings: SourceSettings
  private let layout: Layout
  private let transport: any Transport
  private let canary: Canary?

  /// Creates a mirror.
  public init(_ settings: SourceSettings, layout: Layout, over transport: any Transport) {
    name = settings.name
    self.settings = settings
    self.layout = layout
    self.transport = transport
    canary = settings.canary.map {
      Canary(settings.retrieval(ofCanary: $0), over: transport)
    }
  }

  /// The base URL's.
  public func endpoint(for request: Request) -> String? { settings.url.endpoint }

  /// The file's URL at the mirror.
  public func location(of request: Request) -> String? { locator(of: request)?.description }

  /// Gets the file; a miss is believed only while the canary lives.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let locator = locator(of: request) else { return .nothing(nil) }
    let finding = try await transport.get(
      settings.retrieval(of: locator, for: request), to: sink)
    if case .nothing = finding { try await canary?.confirm() }
    return finding
  }

  private func locator(of request: Request) -> Locator? {
    guard let path = layout.path(request) else { return nil }
    let words = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let base = settings.url.path.hasSuffix("/") ? settings.url.path : settings.url.path + "/"
    return Locator(
      scheme: settings.url.scheme, host: settings.url.host, port: settings.url.port,
      path: base + words[0], query: words.count > 1 ? String(words[1]) : nil,
      userInfo: settings.url.userInfo)
  }
}

/// An object that a mirror must always hold, so that an outage dressed as a 404 is seen.
///
/// It is asked for at the first miss, and again when the last look is a minute old.
final class Canary: Sendable {
  private static let interval = Duration.seconds(60)

  private let retrieval: Retrieval
  private let transport: any Transport
  private let lastSeen = Mutex<ContinuousClock.Instant?>(nil)

  init(_ retrieval: Retrieval, over transport: any Transport) {
    self.retrieval = retrieval
    self.transport = transport
  }

  /// - Throws: `unavailable` when the canary is not there, since then a miss proves nothing.
  func confirm() async throws(MirrorError) {
    if let seen = lastSeen.withLock({ $0 }), ContinuousClock.now - seen < Self.interval { return }
    let finding = try await transport.get(retrieval, to: MemorySink(limit: 1 << 20))
    guard case .content = finding else {
      throw MirrorError(
        .unavailable,
        "\(retrieval.source): its canary \(retrieval.locator) is gone, so its misses prove nothing")
    }
    lastSeen.withLock { $0 = .now }
  }
}

extension SourceSettings {
  fileprivate func retrieval(ofCanary path: String) -> Retrieval {
    let path = path.hasPrefix("/") ? String(path.dropFirst()) : path
    return Retrieval(
      url.appending(path), subject: "canary", source: name, credential: credential)
  }
}
