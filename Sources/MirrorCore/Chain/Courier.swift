import Synchronization

/// Carries requests through their chains: identical ones that are under way share one transfer.
///
/// A transfer is nobody's child but the courier's, so that a client that hangs up does not end what others
/// wait for; ``run()`` waits for all of them. Every answer that was given is in the ledger before the transfer
/// is forgotten.
public final class Courier: Sendable {
  /// How a request is being answered.
  public enum Passage: Sendable {
    /// It is answered.
    case settled(Resolution)
    /// Its bytes are on their way.
    case growing(Growth)
  }

  private struct Errand {
    var growth: Growth
    var askers: Int
    var transfer: Task<Void, Never>
  }

  private struct State {
    var errands: [Request: Errand] = [:]
    /// Transfers that have not ended, down to their last word.
    var underWay = 0
    var isClosed = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    /// Whom to tell that the courier is done, if it is.
    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard isClosed, underWay == 0 else { return [] }
      defer { waiters = [] }
      return waiters
    }
  }

  private let chains: [Ecosystem: FallbackChain]
  private let ledger: any Ledger
  private let state = Mutex(State())

  /// Creates a courier for these chains.
  public init(chains: [Ecosystem: FallbackChain], ledger: any Ledger) {
    self.chains = chains
    self.ledger = ledger
  }

  /// Waits until ``finish()`` was called and the last transfer ended.
  ///
  /// Cancelling the task breaks the transfers off; what has come of them can be continued later.
  public func run() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        change { $0.waiters.append(continuation) }
      }
    } onCancel: {
      finish()
      for errand in state.withLock({ Array($0.errands.values) }) { errand.transfer.cancel() }
    }
  }

  /// Takes no more requests; ``run()`` returns after those under way.
  public func finish() { change { $0.isClosed = true } }

  private func change(_ body: (inout State) -> Void) {
    let waiters = state.withLock { state in
      body(&state)
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Begins to answer a request, or joins the answer that is under way.
  ///
  /// - Parameter executor: where a transfer that is due now runs, but for its long work; a server gives the
  ///   event loop of the connection, so that no file waits for another thread to wake up.
  public func open(_ request: Request, on executor: (any TaskExecutor)? = nil) -> Passage {
    // What is under way comes first: its bytes may be in the store already, but its record comes next.
    if let growth = state.withLock({ Self.join(request, &$0) }) { return .growing(growth) }
    let atOnce =
      chains[request.ecosystem].map { $0.resolveLocally(request) }
      ?? .failed(Self.noChain(request), [])
    if let atOnce {
      ledger.record(request, atOnce)
      return .settled(atOnce)
    }
    let growth = state.withLock { state -> Growth? in
      if let growth = Self.join(request, &state) { return growth }
      guard !state.isClosed else { return nil }
      let growth = Growth()
      let transfer = Task(executorPreference: executor) {
        await self.carry(request, shownTo: growth)
      }
      state.errands[request] = Errand(growth: growth, askers: 1, transfer: transfer)
      state.underWay += 1
      return growth
    }
    if let growth { return .growing(growth) }
    let refusal = Resolution.failed(Self.closed(request), [])
    ledger.record(request, refusal)
    return .settled(refusal)
  }

  private static func join(_ request: Request, _ state: inout State) -> Growth? {
    state.errands[request]?.askers += 1
    return state.errands[request]?.growth
  }

  /// Answers a request when all of it is there.
  public func resolve(_ request: Request) async -> Resolution {
    switch open(request) {
    case .settled(let resolution): resolution
    case .growing(let growth): await growth.resolution()
    }
  }

  private func carry(_ request: Request, shownTo growth: Growth) async {
    let resolution =
      await chains[request.ecosystem]?.resolve(request, shownTo: growth)
      ?? .failed(Self.noChain(request), [])
    // Everybody who asked is recorded, those who join meanwhile included, and then told.
    var recorded = 0
    while isAsked(request, beyond: recorded) {
      ledger.record(request, resolution)
      recorded += 1
    }
    growth.settle(resolution)
    change { $0.underWay -= 1 }
  }

  /// Whether more asked than were recorded; if not, the errand is over.
  private func isAsked(_ request: Request, beyond recorded: Int) -> Bool {
    state.withLock { state in
      if let errand = state.errands[request], errand.askers > recorded { return true }
      state.errands[request] = nil
      return false
    }
  }

  private static func closed(_ request: Request) -> MirrorError {
    MirrorError(.unavailable, "\(request.identity): this run is over")
  }

  private static func noChain(_ request: Request) -> MirrorError {
    MirrorError(
      .misconfigured, "\(request.identity): this mirror was built without \(request.ecosystem)")
  }
}
