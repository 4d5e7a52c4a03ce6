import Synchronization

/// Carries requests through their chains: identical ones that are under way share one transfer.
///
/// Transfers run as children of ``run()``, so that a client that hangs up does not end what others
/// wait for. Every answer that was given is in the ledger before the transfer is forgotten.
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
  }

  private let chains: [Ecosystem: FallbackChain]
  private let ledger: any Ledger
  private let errands = Mutex<[Request: Errand]>([:])
  private let work: AsyncStream<Request>
  private let orders: AsyncStream<Request>.Continuation

  /// Creates a courier for these chains.
  public init(chains: [Ecosystem: FallbackChain], ledger: any Ledger) {
    self.chains = chains
    self.ledger = ledger
    (work, orders) = AsyncStream.makeStream()
  }

  /// Carries transfers until ``finish()`` was called and the last one ended.
  ///
  /// Cancelling the task breaks them off; what has come of them can be continued later.
  public func run() async {
    await withDiscardingTaskGroup { group in
      for await request in work {
        group.addTask { await self.carry(request) }
      }
    }
    // Nobody carries what was still in the queue when the task was cancelled.
    finish()
    for request in errands.withLock({ Array($0.keys) }) {
      settle(request, .failed(Self.closed(request), []))
    }
  }

  /// Takes no more requests; ``run()`` returns after those under way.
  public func finish() { orders.finish() }

  /// Begins to answer a request, or joins the answer that is under way.
  public func open(_ request: Request) -> Passage {
    // What is under way comes first: its bytes may be in the store already, but its record comes next.
    if let growth = join(request) { return .growing(growth) }
    let atOnce =
      chains[request.ecosystem].map { $0.resolveLocally(request) }
      ?? .failed(Self.noChain(request), [])
    if let atOnce {
      ledger.record(request, atOnce)
      return .settled(atOnce)
    }
    let (growth, isNew) = errands.withLock { errands in
      let known = errands[request]
      let errand = known ?? Errand(growth: Growth(), askers: 0)
      errands[request] = Errand(growth: errand.growth, askers: errand.askers + 1)
      return (errand.growth, known == nil)
    }
    guard isNew, case .terminated = orders.yield(request) else { return .growing(growth) }
    settle(request, .failed(Self.closed(request), []))
    return .growing(growth)
  }

  private func join(_ request: Request) -> Growth? {
    errands.withLock { errands in
      errands[request]?.askers += 1
      return errands[request]?.growth
    }
  }

  /// Answers a request when all of it is there.
  public func resolve(_ request: Request) async -> Resolution {
    switch open(request) {
    case .settled(let resolution): resolution
    case .growing(let growth): await growth.resolution()
    }
  }

  private func carry(_ request: Request) async {
    guard let growth = errands.withLock({ $0[request]?.growth }) else { return }
    let resolution =
      await chains[request.ecosystem]?.resolve(request, shownTo: growth)
      ?? .failed(Self.noChain(request), [])
    settle(request, resolution)
  }

  /// Records the answer for everybody who asked, those who join meanwhile included, and tells them.
  private func settle(_ request: Request, _ resolution: Resolution) {
    guard let growth = errands.withLock({ $0[request]?.growth }) else { return }
    var recorded = 0
    while isAsked(request, beyond: recorded) {
      ledger.record(request, resolution)
      recorded += 1
    }
    growth.settle(resolution)
  }

  /// Whether more asked than were recorded; if not, the errand is over.
  private func isAsked(_ request: Request, beyond recorded: Int) -> Bool {
    errands.withLock { errands in
      if let errand = errands[request], errand.askers > recorded { return true }
      errands[request] = nil
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
