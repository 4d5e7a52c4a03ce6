import Synchronization

/// What a chain remembers within one run: which endpoints do not answer, and what is not there.
///
/// Three consecutive failures to answer open an endpoint's breaker for a minute; a miss is believed
/// for a minute, except for look-ups that may change.
final class ChainMemory: Sendable {
  private struct State {
    var failures: [String: Int] = [:]
    var openUntil: [String: Duration] = [:]
    var misses: [String: (until: Duration, reply: Reply?)] = [:]
  }

  private static let threshold = 3
  private static let pause = Duration.seconds(60)
  /// A miss keeps the reply's body, up to 64 KiB.
  private static let mostMisses = 1000

  private let state = Mutex(State())
  private let now: @Sendable () -> Duration

  init(now: @escaping @Sendable () -> Duration) { self.now = now }

  /// Whether the breaker keeps us from asking the endpoint now.
  func isOpen(_ endpoint: String) -> Bool {
    state.withLock { state in state.openUntil[endpoint].map { now() < $0 } ?? false }
  }

  /// Notes whether an endpoint answered the question.
  func note(_ endpoint: String, answered: Bool) {
    state.withLock { state in
      guard !answered else {
        state.failures[endpoint] = nil
        state.openUntil[endpoint] = nil
        return
      }
      state.failures[endpoint, default: 0] += 1
      if state.failures[endpoint, default: 0] >= Self.threshold {
        state.openUntil[endpoint] = now() + Self.pause
      }
    }
  }

  /// The reply of a recent miss.
  func miss(of key: String, at source: String) -> Reply?? {
    state.withLock { state in
      guard let miss = state.misses["\(source) \(key)"], now() < miss.until else { return nil }
      return .some(miss.reply)
    }
  }

  /// Remembers a miss, and no more of them than fit.
  func noteMiss(of key: String, at source: String, reply: Reply?) {
    state.withLock { state in
      let now = now()
      if state.misses.count >= Self.mostMisses {
        state.misses = state.misses.filter { now < $0.value.until }
        // To ask again costs less than to look through them at every miss.
        if state.misses.count >= Self.mostMisses { state.misses = [:] }
      }
      state.misses["\(source) \(key)"] = (now + Self.pause, reply)
    }
  }
}
