import MirrorCore
import Synchronization

/// Says aloud what a person should see of the ledger while a run is under way: each thing once.
final class Announcer: Sendable {
  private let console: Console
  private let said = Mutex<Set<String>>([])

  init(console: Console) { self.console = console }

  /// Says what an entry has to say: sources that did not answer, corrupt bytes, refusals.
  func announce(_ entry: LedgerEntry) {
    for attempt in entry.attempts {
      switch attempt.outcome {
      case .hit, .miss: break
      case .corrupt: once(attempt.detail ?? "\(attempt.source): corrupt", isIncident: true)
      default: once(attempt.detail.map { "\($0)" } ?? "\(attempt.source): \(attempt.outcome)")
      }
    }
    if let message = entry.message, entry.outcome != "missed" {
      once(message, isIncident: entry.outcome == "served")
    }
  }

  private func once(_ line: String, isIncident: Bool = false) {
    guard said.withLock({ $0.insert(line).inserted }) else { return }
    isIncident ? console.warn("incident: \(line)") : console.say(line)
  }
}
