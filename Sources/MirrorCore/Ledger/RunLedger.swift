internal import Glibc
import Synchronization

/// The ledger of one run: a file of JSON lines, and the tally of what they say.
///
/// Every line is one `write` under `O_APPEND`, so that parallel requests lose none and a killed run
/// keeps all that came before.
public final class RunLedger: Ledger {
  private let descriptor: Int32
  private let path: String
  private let tally: Mutex<Tally>
  private let onEntry: @Sendable (LedgerEntry) -> Void

  /// Opens the ledger of a run.
  ///
  /// - Parameter onEntry: called with each entry after it was written, for progress and messages.
  /// - Throws: `misconfigured` when the file cannot be written.
  public init(
    at path: String, onEntry: @escaping @Sendable (LedgerEntry) -> Void = { _ in }
  ) throws(MirrorError) {
    self.path = path
    self.onEntry = onEntry
    tally = Mutex(Tally())
    descriptor = try Disk.open(path, O_WRONLY | O_APPEND | O_CREAT, to: "create")
  }

  deinit { close(descriptor) }

  /// What happened so far.
  public var soFar: Tally { tally.withLock { $0 } }

  /// Counts the answer and writes its line.
  public func record(_ request: Request, _ resolution: Resolution) {
    var entry = LedgerEntry(request, resolution, time: Self.now)
    if let fault = tally.withLock({ $0.count(entry, request, resolution) }) {
      entry.message = fault
    }
    append(entry.json)
    onEntry(entry)
  }

  /// Writes the line and counts it.
  public func recordOpaque(host: String, port: Int, wasRefused: Bool) {
    let name = "\(host):\(port)"
    var line = JSONObject()
    line.add("opaque", name)
    line.add("outcome", wasRefused ? "refused" : "passed")
    line.add("time", Self.now)
    append(line)
    tally.withLock { $0.countOpaque(name, wasRefused: wasRefused) }
  }

  private static var now: Int { Glibc.time(nil) }

  private func append(_ line: JSONObject) {
    do throws(MirrorError) {
      try Disk.write(Array("\(line.finished)\n".utf8), to: descriptor, path: path)
    } catch {
      tally.withLock { $0.lostLines += 1 }
    }
  }
}
