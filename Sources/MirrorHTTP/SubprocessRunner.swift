internal import Glibc
public import MirrorCore
internal import Subprocess
internal import SystemPackage

/// Runs programs as subprocesses, each in a session of its own, away from the terminal.
///
/// A program is looked up on the path of its own environment.
public struct SubprocessRunner: ProgramRunner {
  /// The most of standard error that is kept, in bytes.
  private static let errorLimit = 1 << 20

  /// Creates a runner; from then on this process does not end of a pipe that nobody reads (signal(7)).
  public init() { _ = Self.brokenPipesAreErrors }

  private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  /// Runs a program; whoever it started ends with it when the task is cancelled.
  ///
  /// - Throws: `misconfigured` when it cannot be started, `unavailable` when the task was cancelled, and what
  ///   `output` throws.
  public func run(
    _ program: Program, output: ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End {
    guard let word = program.words.first else { return Program.End(status: 0) }
    var options = PlatformOptions()
    // Without a terminal nothing can prompt, and what the program started ends with it.
    options.createSession = true
    options.teardownSequence = [
      .send(
        signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100)),
    ]
    let variables = program.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    do {
      let result = try await Subprocess.run(
        Executable(word: word, on: program.environment["PATH"]),
        arguments: Arguments(Array(program.words.dropFirst())),
        environment: .custom(Dictionary(variables) { $1 }),
        workingDirectory: program.folder.map { FilePath($0) }, platformOptions: options,
        input: ProgramInput(bytes: program.input), output: .sequence,
        error: .string(limit: Self.errorLimit)
      ) { execution in
        do {
          for try await piece in execution.standardOutput {
            try await output(piece.withUnsafeBytes { Array($0) })
          }
        } catch {
          // Whoever listened is gone: nobody needs the rest.
          await execution.teardown(using: options.teardownSequence)
          throw error
        }
      }
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      // How it ended is then our doing, and says nothing.
      if status != 0, Task.isCancelled { throw MirrorError(.unavailable, "\(word): cancelled") }
      return Program.End(status: status, errors: result.standardError)
    } catch let error as MirrorError {
      throw error
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw MirrorError(
        .misconfigured, "\(word): no such program; install it, or take it out of the chain")
    } catch {
      if Task.isCancelled { throw MirrorError(.unavailable, "\(word): cancelled") }
      throw MirrorError(.misconfigured, "\(word): cannot be run: \(error)", underlying: error)
    }
  }
}

/// What a program reads from standard input, as far as it reads.
private struct ProgramInput: InputProtocol {
  let bytes: [UInt8]

  /// Writes all of it, unless the program ends without reading it.
  ///
  /// The package would then end this process over the pipe that its own input leaves open (swift-subprocess
  /// 1.0.2), so a failure to write must not leave here.
  func write(with writer: StandardInputWriter) async {
    _ = try? await writer.write(bytes)
  }
}
