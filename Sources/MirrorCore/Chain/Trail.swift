/// One request's way so far: an attempt for every source that was asked, of which its observers are told.
struct Trail {
  /// A source that is being asked.
  struct Question {
    let source: String
    let started: ContinuousClock.Instant
  }

  /// The attempts, in order.
  private(set) var attempts: [Attempt] = []
  private let observers: [any RequestObserver]

  /// Sets out.
  init(_ request: Request, seenBy observers: [any Observer]) {
    self.observers = observers.isEmpty ? [] : Self.watch(request, by: observers, since: .now)
  }

  /// Sets out unseen.
  init() { observers = [] }

  /// Begins to ask a source.
  func ask(_ source: String) -> Question {
    for observer in observers { observer.begin(source) }
    return Question(source: source, started: .now)
  }

  /// Does the work of asking, as the observers would have it done.
  func carry<Answer: Sendable, Failure: Error>(
    _ work: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    try await Self.carry(work, by: observers[...])
  }

  /// Notes how asking ended.
  mutating func note(_ question: Question, _ outcome: Attempt.Outcome, _ detail: String? = nil) {
    let elapsed = (ContinuousClock.now - question.started) / .milliseconds(1)
    note(
      Attempt(
        source: question.source, outcome: outcome, detail: detail,
        milliseconds: Int(elapsed.rounded())))
  }

  /// Notes how asking would have ended.
  mutating func note(_ attempt: Attempt) {
    attempts.append(attempt)
    for observer in observers { observer.note(attempt) }
  }

  /// Arrives.
  func end(_ resolution: Resolution) -> Resolution {
    for observer in observers { observer.end(resolution) }
    return resolution
  }

  /// Tells observers of a way that took so little time that it is over.
  static func tell(
    _ observers: [any Observer], _ request: Request, _ resolution: Resolution,
    since start: ContinuousClock.Instant
  ) {
    for observer in watch(request, by: observers, since: start) {
      for attempt in resolution.attempts { observer.note(attempt) }
      observer.end(resolution)
    }
  }

  private static func watch(
    _ request: Request, by observers: [any Observer], since start: ContinuousClock.Instant
  ) -> [any RequestObserver] {
    observers.map { $0.watch(request, since: start) }
  }

  private static func carry<Answer: Sendable, Failure: Error>(
    _ work: () async throws(Failure) -> Answer, by observers: ArraySlice<any RequestObserver>
  ) async throws(Failure) -> Answer {
    guard let first = observers.first else { return try await work() }
    return try await first.carry { () async throws(Failure) -> Answer in
      try await carry(work, by: observers.dropFirst())
    }
  }
}
