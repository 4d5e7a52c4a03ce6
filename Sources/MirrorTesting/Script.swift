import Synchronization

/// What a fake finds for each name it is asked for, in order; the last finding repeats.
final class Script: Sendable {
  private struct State {
    var findings: [String: [ScriptedFinding]] = [:]
    var otherwise: ScriptedFinding
  }

  private let state: Mutex<State>

  init(otherwise: ScriptedFinding) { state = Mutex(State(otherwise: otherwise)) }

  func set(_ name: String, _ findings: [ScriptedFinding]) {
    state.withLock { $0.findings[name] = findings.isEmpty ? nil : findings }
  }

  func next(for name: String) -> ScriptedFinding {
    state.withLock { state in
      guard let findings = state.findings[name], let first = findings.first else {
        return state.otherwise
      }
      if findings.count > 1 { state.findings[name]?.removeFirst() }
      return first
    }
  }
}
