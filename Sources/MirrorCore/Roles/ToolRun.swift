/// One run of a user's own tool, on behalf of an origin.
public struct ToolRun: Hashable, Sendable {
  /// The tool and its arguments.
  public var words: [String]
  /// Variables that differ from the user's environment; `nil` takes one away.
  public var environment: [String: String?]
  /// The folder it runs in; that of the process where there is none.
  public var folder: String?
  /// How long it may take; nothing is waited for without an end.
  public var limit: Duration

  /// Creates the description of a run.
  public init(
    _ words: [String], environment: [String: String?] = [:], folder: String? = nil,
    limit: Duration = .seconds(900)
  ) {
    self.words = words
    self.environment = environment
    self.folder = folder
    self.limit = limit
  }

  /// What came of it.
  public struct Outcome: Hashable, Sendable {
    /// The exit code; that of a signal is 128 and its number.
    public var status: Int32
    /// What it printed on standard output.
    public var output: String
    /// What it printed on standard error.
    public var errors: String

    /// Creates an outcome.
    public init(status: Int32, output: String = "", errors: String = "") {
      self.status = status
      self.output = output
      self.errors = errors
    }
  }
}
