public import MirrorCore

/// A runner that starts nothing: what a program prints is what a closure says.
///
/// ```swift
/// let programs = FakePrograms { program in
///   program.words == ["pip", "--version"] ? .printing("pip 25.1") : nil
/// }
/// let surroundings = Surroundings(environment: [:], programs: programs)
/// ```
public struct FakePrograms: ProgramRunner {
  /// What came of a program.
  public struct Outcome: Hashable, Sendable {
    /// How it ended.
    public var end: Program.End
    /// What it printed on standard output.
    public var output: String

    /// The outcome of a program that succeeded.
    public static func printing(_ output: String) -> Outcome {
      Outcome(end: Program.End(status: 0), output: output)
    }

    /// The outcome of a program that failed.
    public static func failing(
      _ status: Int32 = 1, errors: String = "", output: String = ""
    ) -> Outcome {
      Outcome(end: Program.End(status: status, errors: errors), output: output)
    }
  }

  private let play: @Sendable (Program) async -> Outcome?

  /// Creates a runner.
  ///
  /// - Parameter play: the outcome of a program; `nil` where there is no such program.
  public init(_ play: @escaping @Sendable (Program) async -> Outcome?) { self.play = play }

  /// Gives what the closure says.
  ///
  /// - Throws: `misconfigured` where it says that there is no such program.
  public func run(
    _ program: Program, output: ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End {
    guard let outcome = await play(program) else {
      throw MirrorError(.misconfigured, "\(program.words.first ?? ""): no such program")
    }
    try await output(Array(outcome.output.utf8))
    return outcome.end
  }
}
