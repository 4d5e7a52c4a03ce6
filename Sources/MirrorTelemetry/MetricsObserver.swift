public import CoreMetrics
internal import Metrics
public import MirrorCore

/// An observer that counts requests, what sources answered and the bytes they gave, and times requests.
///
/// | metric | counts | dimensions |
/// |---|---|---|
/// | `mirror.requests` | requests that ended; misses are those whose outcome is `missed` | `ecosystem`, `outcome` |
/// | `mirror.attempts` | answers of sources; incidents are those whose outcome is `corrupt` | `source`, `outcome` |
/// | `mirror.bytes` | bytes that were delivered | `ecosystem`, `source` |
/// | `mirror.request.duration` | times requests, in nanoseconds | `ecosystem`, `outcome` |
///
/// Every dimension has few values: no name of a package is one. The outcome of a request is the ledger's
/// (`LedgerEntry.outcome`), that of an attempt one of `Attempt.Outcome`.
public struct MetricsObserver: Observer {
  private let factory: any MetricsFactory

  /// Creates an observer that counts with what that factory makes.
  public init(_ factory: any MetricsFactory) { self.factory = factory }

  /// Begins to watch a request.
  public func watch(
    _ request: Request, since start: ContinuousClock.Instant
  ) -> any RequestObserver {
    CountedRequest(request: request, start: start, factory: factory)
  }
}

private struct CountedRequest: RequestObserver {
  let request: Request
  let start: ContinuousClock.Instant
  let factory: any MetricsFactory

  func note(_ attempt: Attempt) {
    count(
      "mirror.attempts", 1,
      [("source", attempt.source), ("outcome", attempt.outcome.rawValue)])
  }

  func end(_ resolution: Resolution) {
    let entry = LedgerEntry(request, resolution, time: 0)
    let kind = [("ecosystem", entry.ecosystem), ("outcome", entry.outcome)]
    count("mirror.requests", 1, kind)
    Metrics.Timer(label: "mirror.request.duration", dimensions: kind, factory: factory)
      .record(duration: ContinuousClock.now - start)
    if let source = entry.source, let size = entry.size {
      count("mirror.bytes", size, [("ecosystem", entry.ecosystem), ("source", source)])
    }
  }

  private func count(_ label: String, _ amount: Int, _ dimensions: [(String, String)]) {
    Counter(label: label, dimensions: dimensions, factory: factory).increment(by: amount)
  }
}
