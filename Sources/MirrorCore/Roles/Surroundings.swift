/// Where a build runs: what its tools would read by themselves.
public struct Surroundings: Sendable {
  /// The user's environment, before any redirection.
  public var environment: [String: String]
  /// A private folder for what an origin's own tools leave behind.
  ///
  /// It is not made yet, and is removed with the session. Without one, such tools are not run.
  public var scratch: String?
  /// Whether the world is to stand still: look-ups are answered from the lock alone.
  public var isFrozen: Bool
  /// Whether the user's own logins may be shown for whoever asks.
  public var showsLogins: Bool
  /// Runs one of the user's own tools in that environment, and gives what it printed.
  ///
  /// `nil` when the tool is not there or failed. The first element is its name.
  public var ask: @Sendable ([String]) async -> String?
  /// Runs one of the user's own tools, for its outcome.
  ///
  /// `nil` when the tool is not there, printed more than is read, or did not end within its limit.
  public var run: @Sendable (ToolRun) async -> ToolRun.Outcome?
  /// Runs programs, in whatever environment.
  public var programs: any ProgramRunner
  /// The store's folder, in which an ecosystem may keep what is no file, below its own name; `nil` where
  /// there is no store.
  public var storage: String?
  /// The configuration's one limit for every wait, where it has one.
  public var timeLimit: Duration?

  /// Creates surroundings; without `run` no tool can be run, without `programs` no program.
  public init(
    environment: [String: String], scratch: String? = nil, isFrozen: Bool = false,
    showsLogins: Bool = true, programs: any ProgramRunner = NoPrograms(), storage: String? = nil,
    timeLimit: Duration? = nil, ask: @escaping @Sendable ([String]) async -> String?,
    run: @escaping @Sendable (ToolRun) async -> ToolRun.Outcome? = { _ in nil }
  ) {
    self.environment = environment
    self.scratch = scratch
    self.isFrozen = isFrozen
    self.showsLogins = showsLogins
    self.programs = programs
    self.storage = storage
    self.timeLimit = timeLimit
    self.ask = ask
    self.run = run
  }
}
