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
    guard let chain = chains[request.ecosystem] else {
      return .settled(.failed(Self.noChain(request), []))
    }
    if let resolution = chain.resolveLocally(request) {
      ledger.record(request, resolution)
      return .settled(resolution)
    }
    let (growth, isNew) = errands.withLock { errands in
      if let growth = errands[request]?.growth {
        errands[request]?.askers += 1
        return (growth, false)
      }
      let growth = Growth()
      errands[request] = Errand(growth: growth, askers: 1)
      return (growth, true)
    }
    guard isNew, case .terminated = orders.yield(request) else { return .growing(growth) }
    settle(request, .failed(Self.closed(request), []))
    return .growing(growth)
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

  /// Records the answer for everybody who asked, and tells them.
  private func settle(_ request: Request, _ resolution: Resolution) {
    guard let errand = errands.withLock({ $0.removeValue(forKey: request) }) else { return }
    for _ in 0..<errand.askers { ledger.record(request, resolution) }
    errand.growth.settle(resolution)
  }

  private static func closed(_ request: Request) -> MirrorError {
    MirrorError(.unavailable, "\(request.identity): this run is over")
  }

  private static func noChain(_ request: Request) -> MirrorError {
    MirrorError(
      .misconfigured, "\(request.identity): this mirror was built without \(request.ecosystem)")
  }
}
