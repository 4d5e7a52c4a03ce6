public import MirrorCore
import Synchronization

/// A ledger that keeps everything in memory, to be looked at.
public final class InMemoryLedger: Ledger {
  /// A connection that could not be read.
  public struct Opaque: Hashable, Sendable {
    /// The host.
    public let host: String
    /// The port.
    public let port: Int
    /// Whether policy refused it.
    public let wasRefused: Bool
  }

  private let kept = Mutex<[(Request, Resolution)]>([])
  private let passed = Mutex<[Opaque]>([])

  /// Creates an empty ledger.
  public init() {}

  /// Every request with its outcome, in the order they were recorded.
  public var records: [(request: Request, resolution: Resolution)] {
    kept.withLock { $0.map { (request: $0.0, resolution: $0.1) } }
  }

  /// The entries that a file of the same records would hold, with 0 for the time.
  public var entries: [LedgerEntry] {
    records.map { LedgerEntry($0.request, $0.resolution, time: 0) }
  }

  /// Every connection that could not be read, in the order they were recorded.
  public var opaque: [Opaque] { passed.withLock { $0 } }

  /// Keeps the outcome of a request.
  public func record(_ request: Request, _ resolution: Resolution) {
    kept.withLock { $0.append((request, resolution)) }
  }

  /// Keeps that a connection passed which could not be read.
  public func recordOpaque(host: String, port: Int, wasRefused: Bool) {
    passed.withLock { $0.append(Opaque(host: host, port: port, wasRefused: wasRefused)) }
  }
}
