public import Logging
public import MirrorCore

/// An observer that writes a line for every source that was asked, and one for every request.
///
/// The lines go to the logger that it was given and nowhere else. What varies is in their metadata:
/// `ecosystem`, `identity`, `source`, `outcome`, `milliseconds`, `bytes`, `digest` and `reason`, of which none
/// holds a secret. Hits and misses of a source are at `debug`, a source that did not answer at `notice`, any
/// other trouble at `warning`; a request is at `info`, and at `error` when it failed.
public struct LoggingObserver: Observer {
  private let logger: Logger

  /// Creates an observer that writes to that logger.
  public init(_ logger: Logger) { self.logger = logger }

  /// Begins to watch a request.
  public func watch(
    _ request: Request, since start: ContinuousClock.Instant
  ) -> any RequestObserver {
    LoggedRequest(request, start, logger)
  }
}

private struct LoggedRequest: RequestObserver {
  private let request: Request
  private let start: ContinuousClock.Instant
  private let logger: Logger

  init(_ request: Request, _ start: ContinuousClock.Instant, _ logger: Logger) {
    self.request = request
    self.start = start
    var logger = logger
    logger[metadataKey: "ecosystem"] = "\(request.ecosystem)"
    logger[metadataKey: "identity"] = "\(request.identity)"
    self.logger = logger
  }

  func note(_ attempt: Attempt) {
    let level: Logger.Level =
      switch attempt.outcome {
      case .hit, .miss: .debug
      case .unavailable: .notice
      case .denied, .corrupt, .insecure, .misconfigured: .warning
      }
    var metadata: Logger.Metadata = [
      "source": "\(attempt.source)", "outcome": "\(attempt.outcome.rawValue)",
      "milliseconds": "\(attempt.milliseconds)",
    ]
    if let detail = attempt.detail { metadata["reason"] = "\(detail)" }
    logger.log(level: level, "source asked", metadata: metadata)
  }

  func end(_ resolution: Resolution) {
    let entry = LedgerEntry(request, resolution, time: 0)
    let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
    var metadata: Logger.Metadata = [
      "outcome": "\(entry.outcome)", "milliseconds": "\(Int(elapsed.rounded()))",
    ]
    if let source = entry.source { metadata["source"] = "\(source)" }
    if let size = entry.size { metadata["bytes"] = "\(size)" }
    if let digest = entry.digest { metadata["digest"] = "\(digest)" }
    if let reason = entry.message { metadata["reason"] = "\(reason)" }
    let level: Logger.Level = if case .failed = resolution { .error } else { .info }
    logger.log(level: level, "request ended", metadata: metadata)
  }
}
