/// What a run adds up to: the figures of its report and the entries of its lock.
public struct Tally: Sendable {
  /// How many different things were served.
  public private(set) var artifacts = 0
  /// How many bytes they were.
  public private(set) var bytes = 0
  /// How many of them each source served, by its name.
  public private(set) var served: [String: Int] = [:]
  /// What could not be served, one line each, in the order it was first asked for.
  public private(set) var missed: [String] = []
  /// Corrupt answers, and names that stood for one thing and then for another, one line each.
  public private(set) var incidents: [String] = []
  /// Connections that could not be read, by `host:port`.
  public private(set) var opaque: [String: Int] = [:]
  /// Connections that policy refused, by `host:port`.
  public private(set) var refusedConnections: [String: Int] = [:]
  /// The code of the first failure.
  public private(set) var firstFailure: MirrorError.Code?
  /// How many ledger lines could not be written.
  public internal(set) var lostLines = 0
  /// The lines of the lock.
  public private(set) var lock = Lockfile()

  /// The ecosystems that something was asked of.
  public private(set) var asked: Set<Ecosystem> = []

  private var seen: Set<String> = []
  private var lacking: Set<String> = []
  private var ambiguous: Set<String> = []

  /// Creates an empty tally.
  public init() {}

  /// Counts what came of a request.
  ///
  /// - Returns: what is wrong with it although it was served, the first time that it is.
  mutating func count(
    _ entry: LedgerEntry, _ request: Request, _ resolution: Resolution
  ) -> String? {
    asked.insert(request.ecosystem)
    incidents += entry.incidents.map { "\($0.source): \($0.detail ?? entry.identity)" }
    switch resolution {
    case .satisfied(let delivery, _):
      guard request.isRecorded else { return nil }
      if seen.insert(request.key).inserted {
        served[delivery.source, default: 0] += 1
        artifacts += 1
        bytes += delivery.size
      }
      if let first = known(of: request), first != delivery.digest {
        return contradict(request, delivery, first)
      }
      keep(request, .present(delivery.digest, size: delivery.size), delivery.facts)
    case .missed:
      if request.isRecorded, known(of: request) == nil { keep(request, .absent) }
    case .failed(let error, _):
      firstFailure = firstFailure ?? error.code
      if lacking.insert(request.key).inserted { missed.append(error.message) }
    }
    return nil
  }

  /// What the lock says already of a thing that never changes.
  private func known(of request: Request) -> Digest? {
    request.changes ? nil : lock.entry(for: request)?.bytes?.digest
  }

  private mutating func contradict(
    _ request: Request, _ delivery: Delivery, _ first: Digest
  ) -> String? {
    guard ambiguous.insert(request.key).inserted else { return nil }
    let line =
      "\(request.identity): \(delivery.source) gave \(delivery.digest), but it was \(first) before in "
      + "this run; the lock keeps that"
    incidents.append(line)
    return line
  }

  mutating func countOpaque(_ name: String, wasRefused: Bool) {
    if wasRefused {
      refusedConnections[name, default: 0] += 1
    } else {
      opaque[name, default: 0] += 1
    }
  }

  private mutating func keep(
    _ request: Request, _ state: LockEntry.State, _ facts: [String: String] = [:]
  ) {
    lock.record(LockEntry(request, state, facts: facts))
  }
}
