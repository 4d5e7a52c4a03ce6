/// Whoever watches requests on their way through a chain: to log, to count or to trace them.
///
/// An observer sees the requests that a ``FallbackChain`` resolves, each of them once however many asked
/// for it together; a ``Ledger`` keeps every answer. It is called in the midst of a request, by several
/// tasks at once, so it must not block; and nothing that it does changes what comes of the request.
public protocol Observer: Sendable {
  /// Begins to watch a request that set out at `start`, which may be a moment ago.
  func watch(_ request: Request, since start: ContinuousClock.Instant) -> any RequestObserver
}

/// Whoever watches one request, from when it set out to its end.
///
/// The calls come one after the other. For a source that is asked they are ``begin(_:)``, ``carry(_:)``
/// around the asking, and ``note(_:)``; a source that need not be asked, such as a store that has the bytes,
/// is only noted. ``end(_:)`` is the last one, and always comes.
public protocol RequestObserver: Sendable {
  /// A source is about to be asked.
  func begin(_ source: String)

  /// Does the work of asking the source, with whatever must be at hand meanwhile: task-local values, say.
  ///
  /// Where it is not implemented, it does the work and nothing else.
  nonisolated(nonsending) func carry<Answer: Sendable, Failure: Error>(
    _ work: nonisolated(nonsending) () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer

  /// The source was asked, or need not be.
  func note(_ attempt: Attempt)

  /// This came of the request.
  func end(_ resolution: Resolution)
}

extension RequestObserver {
  /// Does nothing.
  public func begin(_ source: String) {}

  /// Does the work.
  public nonisolated(nonsending) func carry<Answer: Sendable, Failure: Error>(
    _ work: nonisolated(nonsending) () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    try await work()
  }
}
