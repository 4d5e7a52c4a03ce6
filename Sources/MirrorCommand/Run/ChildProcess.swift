internal import Glibc
import MirrorCore
import MirrorHTTP
internal import Subprocess

/// The build's own command: it keeps terminal, standard streams and signals as if it stood alone.
struct ChildProcess {
  let command: [String]
  let environment: [String: String]

  /// Runs the command to its end.
  ///
  /// - Returns: its exit code, or 128 plus the number of the signal that ended it, as a shell says it.
  /// - Throws: `misconfigured` when it cannot be started.
  func run() async throws(MirrorError) -> Int32 {
    guard let program = command.first else { return 0 }
    let (children, announce) = AsyncStream<pid_t>.makeStream()
    let signals = await SignalForwarding()
    async let _ = signals.run(to: children)
    defer { announce.finish() }
    do {
      FileLimit.restore()
      let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
      let result = try await Subprocess.run(
        Executable(word: program, on: environment["PATH"]),
        arguments: Arguments(Array(command.dropFirst())),
        environment: .custom(Dictionary(variables) { $1 }),
        input: .currentStandardInput, output: .currentStandardOutput, error: .currentStandardError
      ) { execution in
        FileLimit.raise()
        announce.yield(execution.processIdentifier.value)
      }
      switch result.terminationStatus {
      case .exited(let code): return code
      case .signaled(let signal): return 128 + signal
      }
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw MirrorError(
        .misconfigured, "\(program): no such command, or not executable; check the words after --")
    } catch {
      throw MirrorError(
        .misconfigured, "\(program): cannot be started: \(error)", underlying: error)
    }
  }
}
