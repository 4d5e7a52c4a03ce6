internal import Glibc
import MirrorCore
import MirrorHTTP
internal import Subprocess
internal import SystemPackage

/// The user's own tools, run in the user's environment: what the build would have used without us.
struct UserTools: Sendable {
  let environment: [String: String]

  /// What a tool printed; `nil` when it is not there or failed.
  func ask(_ words: [String]) async -> String? {
    let outcome = await run(ToolRun(words))
    return outcome.flatMap { $0.status == 0 ? $0.output : nil }
  }

  /// The outcome of a run; `nil` when it could not be had.
  func run(_ run: ToolRun) async -> ToolRun.Outcome? {
    await withTaskGroup(of: ToolRun.Outcome?.self) { group in
      group.addTask { await start(run) }
      group.addTask {
        // Woken early it was the other one that ended.
        try? await Task.sleep(for: run.limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  private func start(_ run: ToolRun) async -> ToolRun.Outcome? {
    guard let program = run.words.first else { return nil }
    var variables = environment
    for (name, value) in run.environment { variables[name] = value }
    let pairs = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let result = try? await Subprocess.run(
      Executable(word: program, on: variables["PATH"]),
      arguments: Arguments(Array(run.words.dropFirst())),
      environment: .custom(Dictionary(pairs) { $1 }),
      workingDirectory: run.folder.map { FilePath($0) }, input: .none,
      output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
    guard let result else { return nil }
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return ToolRun.Outcome(
      status: status, output: result.standardOutput, errors: result.standardError)
  }
}
