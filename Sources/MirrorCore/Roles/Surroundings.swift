/// Where a build runs: what its tools would read by themselves.
public struct Surroundings: Sendable {
  /// The user's environment, before any redirection.
  public var environment: [String: String]
  /// Whether the world is to stand still: look-ups are answered from the lock alone.
  public var isFrozen: Bool
  /// Whether the user's own logins may be shown for whoever asks.
  public var showsLogins: Bool
  /// Runs one of the user's own tools in that environment, and gives what it printed.
  ///
  /// `nil` when the tool is not there or failed. The first element is its name.
  public var ask: @Sendable ([String]) async -> String?

  /// Creates surroundings.
  public init(
    environment: [String: String], isFrozen: Bool = false, showsLogins: Bool = true,
    ask: @escaping @Sendable ([String]) async -> String?
  ) {
    self.environment = environment
    self.isFrozen = isFrozen
    self.showsLogins = showsLogins
    self.ask = ask
  }
}
