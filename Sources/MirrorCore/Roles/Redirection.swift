/// How an ecosystem's tools are pointed at the gateway.
public struct Redirection: Hashable, Sendable {
  /// Environment variables to set, or to take away where the value is `nil`.
  public var environment: [String: String?]
  /// Tools that have no setting of their own and get a wrapper in front of them on PATH.
  public var wrappers: [String]
  /// What could not be brought under control, one line each.
  public var gaps: [String]

  /// Creates a redirection.
  public init(
    environment: [String: String?] = [:], wrappers: [String] = [], gaps: [String] = []
  ) {
    self.environment = environment
    self.wrappers = wrappers
    self.gaps = gaps
  }
}
