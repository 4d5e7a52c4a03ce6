public import MirrorCore
import Synchronization
public import Tracing

/// An observer that traces: a span for every request, and below it one for every source that was asked.
///
/// The request's span is a child of the context that is current where the chain is asked. While a source is
/// asked, that attempt's span is current, so that what a mirror traces by itself stands below it.
/// Attributes are `mirror.ecosystem`, `mirror.identity`, `mirror.source`, `mirror.outcome` and
/// `mirror.bytes`, of which none holds a secret.
public struct TracingObserver: Observer {
  private let tracer: any Tracer

  /// Creates an observer that traces with that tracer.
  public init(_ tracer: any Tracer) { self.tracer = tracer }

  /// Begins to watch a request.
  public func watch(
    _ request: Request, since start: ContinuousClock.Instant
  ) -> any RequestObserver {
    TracedRequest(request, since: start, by: tracer)
  }
}

private final class TracedRequest: RequestObserver {
  private let request: Request
  private let tracer: any Tracer
  private let whole: any Span
  /// The attempt under way.
  private let asking = Mutex<(any Span)?>(nil)

  init(_ request: Request, since start: ContinuousClock.Instant, by tracer: any Tracer) {
    self.request = request
    self.tracer = tracer
    whole = Self.start(
      "mirror.request", .internal, in: ServiceContext.current ?? .topLevel,
      ago: ContinuousClock.now - start, by: tracer)
    whole.attributes["mirror.ecosystem"] = request.ecosystem.rawValue
    whole.attributes["mirror.identity"] = request.identity
  }

  func begin(_ source: String) {
    let span = attempt(.zero)
    asking.withLock { $0 = span }
  }

  nonisolated(nonsending) func carry<Answer: Sendable, Failure: Error>(
    _ work: nonisolated(nonsending) () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let context = asking.withLock { $0?.context } ?? whole.context
    let result: Result<Answer, Failure> = await ServiceContext.withValue(context) {
      do throws(Failure) {
        return .success(try await work())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  func note(_ attempt: Attempt) {
    let begun = asking.withLock { span in
      defer { span = nil }
      return span
    }
    let span = begun ?? self.attempt(.milliseconds(attempt.milliseconds))
    span.attributes["mirror.source"] = attempt.source
    span.attributes["mirror.outcome"] = attempt.outcome.rawValue
    switch attempt.outcome {
    case .hit, .miss: break
    default: span.setStatus(SpanStatus(code: .error, message: attempt.detail))
    }
    span.end()
  }

  func end(_ resolution: Resolution) {
    let entry = LedgerEntry(request, resolution, time: 0)
    whole.attributes["mirror.outcome"] = entry.outcome
    if let source = entry.source { whole.attributes["mirror.source"] = source }
    if let size = entry.size { whole.attributes["mirror.bytes"] = size }
    if case .failed(let error, _) = resolution {
      whole.setStatus(SpanStatus(code: .error, message: error.message))
    }
    whole.end()
  }

  private func attempt(_ ago: Duration) -> any Span {
    Self.start("mirror.attempt", .client, in: whole.context, ago: ago, by: tracer)
  }

  private static func start(
    _ name: String, _ kind: SpanKind, in context: ServiceContext, ago: Duration,
    by tracer: some Tracer
  ) -> any Span {
    let now = DefaultTracerClock.now.nanosecondsSinceEpoch
    let start = now - min(now, UInt64(max(0, ago / .nanoseconds(1))))
    return tracer.startSpan(
      name, context: context, ofKind: kind,
      at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: start))
  }
}
