/// Where a build runs: what its tools would read by themselves.
public struct Surroundings: Sendable {
  /// The user's environment, before any redirection.
  public var environment: [String: String]
  /// A private folder for what an origin's own tools leave behind.
  ///
  /// It is not made yet, and is removed with the session. Without one, such tools are not run.
  public var scratch: String?
  /// Runs one of the user's own tools in that environment, and gives what it printed.
  ///
  /// `nil` when the tool is not there or failed. The first element is its name.
  public var ask: @Sendable ([String]) async -> String?
  /// Runs one of the user's own tools, for its outcome.
  ///
  /// `nil` when the tool is not there, printed more than is read, or did not end within its limit.
  public var run: @Sendable (ToolRun) async -> ToolRun.Outcome?

  /// Creates surroundings; without `run` no tool can be run.
  public init(
    environment: [String: String], scratch: String? = nil,
    ask: @escaping @Sendable ([String]) async -> String?,
    run: @escaping @Sendable (ToolRun) async -> ToolRun.Outcome? = { _ in nil }
  ) {
    self.environment = environment
    self.scratch = scratch
    self.ask = ask
    self.run = run
  }
}
