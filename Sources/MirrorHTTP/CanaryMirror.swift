public import MirrorCore
import Synchronization

/// A mirror whose misses are believed only while an object is there that it must always hold.
///
/// Caching front ends dress outages as 404. At the first miss, and at most once a minute after, the
/// canary is asked for; while it is gone, every miss is `unavailable`.
public final class CanaryMirror: Mirror {
  private enum Sight {
    case alive
    case gone
  }

  private static let interval = Duration.seconds(60)

  private let mirror: any Mirror
  private let retrieval: Retrieval
  private let transport: any Transport
  private let now: @Sendable () -> ContinuousClock.Instant
  private let last = Mutex<(at: ContinuousClock.Instant, Sight)?>(nil)

  /// Watches over a mirror.
  ///
  /// - Parameters:
  ///   - canary: the object's path below the mirror's base URL.
  ///   - now: the clock, for tests.
  public init(
    _ mirror: any Mirror, canary: String, settings: SourceSettings, over transport: any Transport,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.mirror = mirror
    self.transport = transport
    self.now = now
    let path = canary.hasPrefix("/") ? String(canary.dropFirst()) : canary
    var retrieval = Retrieval(
      settings.url.appending(path), subject: "canary", source: settings.name,
      credential: settings.credential)
    retrieval.s3Region = settings.s3Region
    retrieval.absentCodes = settings.absentCodes
    self.retrieval = retrieval
  }

  /// The mirror's name.
  public var name: String { mirror.name }

  /// The mirror's endpoint.
  public func endpoint(for request: Request) -> String? { mirror.endpoint(for: request) }

  /// The mirror's place for the request.
  public func location(of request: Request) -> String? { mirror.location(of: request) }

  /// The mirror's URL for the request.
  public func locator(of request: Request) -> Locator? { mirror.locator(of: request) }

  /// Gets the thing from the mirror; a miss is confirmed by the canary.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let finding = try await mirror.fetch(request, to: sink)
    if case .nothing = finding, try await look() == .gone {
      throw MirrorError(
        .unavailable,
        "\(name): its canary \(retrieval.locator) is gone, so its misses prove nothing")
    }
    return finding
  }

  private func look() async throws(MirrorError) -> Sight {
    if let (at, sight) = last.withLock({ $0 }), now() - at < Self.interval { return sight }
    let finding = try await transport.get(retrieval, to: EmptySink())
    let sight: Sight = if case .content = finding { .alive } else { .gone }
    last.withLock { $0 = (now(), sight) }
    return sight
  }
}

/// A sink for bytes nobody wants.
private struct EmptySink: ByteSink {
  var partial: Partial? { nil }
  func begin(_ content: Content, at offset: Int) throws(MirrorError) {}
  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {}
}
