/// Whoever runs programs for an ecosystem: subprocesses in earnest, a fake in tests.
///
/// Nothing here reaches the terminal or the standard streams of this process.
public protocol ProgramRunner: Sendable {
  /// Runs a program to its end, and hands on what it prints while it prints it.
  ///
  /// The program and all that it started are ended when the task is cancelled, or when `output` throws.
  ///
  /// - Parameter output: takes the next bytes of standard output; the program waits for it.
  /// - Throws: `misconfigured` when it cannot be started, `unavailable` when the task was cancelled, and
  ///   what `output` throws.
  func run(
    _ program: Program, output: ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End
}

/// A program to run, and the circumstances.
public struct Program: Hashable, Sendable {
  /// Its name or path, and its arguments; never a secret, for everybody may read them.
  public var words: [String]
  /// All of its environment.
  public var environment: [String: String]
  /// The folder it runs in; that of this process where there is none.
  public var folder: String?
  /// What it reads from standard input.
  public var input: [UInt8]

  /// Creates a description of a program.
  public init(
    _ words: [String], environment: [String: String], folder: String? = nil, input: [UInt8] = []
  ) {
    self.words = words
    self.environment = environment
    self.folder = folder
    self.input = input
  }

  /// How a program ended.
  public struct End: Hashable, Sendable {
    /// The exit code, or 128 plus the number of the signal that ended it.
    public var status: Int32
    /// What it printed on standard error.
    public var errors: String

    /// Creates an end.
    public init(status: Int32, errors: String = "") {
      self.status = status
      self.errors = errors
    }
  }
}

extension ProgramRunner {
  /// Runs a program to its end, and collects what it prints.
  ///
  /// - Throws: as ``run(_:output:)``.
  public func collect(
    _ program: Program
  ) async throws(MirrorError) -> (end: Program.End, output: [UInt8]) {
    var collected: [UInt8] = []
    let end = try await run(program) { bytes throws(MirrorError) in collected += bytes }
    return (end, collected)
  }

  /// Runs a program that has to end within a time, and collects what it prints.
  ///
  /// - Returns: `nil` when it did not end; it is ended then.
  /// - Throws: as ``run(_:output:)``.
  public func collect(
    _ program: Program, within limit: Duration
  ) async throws(MirrorError) -> (end: Program.End, output: [UInt8])? {
    let result = await withTaskGroup(
      of: Result<(end: Program.End, output: [UInt8])?, MirrorError>?.self
    ) { group in
      group.addTask {
        do throws(MirrorError) {
          return .success(try await collect(program))
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        // Woken early, it is the program that says how it ended.
        do { try await Task.sleep(for: limit) } catch { return nil }
        return .success(nil)
      }
      defer { group.cancelAll() }
      for await case let result? in group { return result }
      return .success(nil)
    }
    return try result.get()
  }
}

/// A runner that starts nothing, where no programs are to be run.
public struct NoPrograms: ProgramRunner {
  /// Creates a runner.
  public init() {}

  /// Throws `misconfigured`.
  public func run(
    _ program: Program, output: ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End {
    throw MirrorError(.misconfigured, "\(program.words.first ?? ""): no program can be run here")
  }
}
