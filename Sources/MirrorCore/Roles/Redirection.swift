/// How an ecosystem's tools are pointed at the gateway.
public struct Redirection: Hashable, Sendable {
  /// Environment variables to set, or to take away where the value is `nil`.
  public var environment: [String: String?]
  /// Variables of `environment` that take along what the user has set, which may hold logins: they are for
  /// this machine alone.
  public var personal: Set<String>
  /// Files to lay before the tools start, by path; the paths are below the run's scratch folder.
  public var files: [String: String]
  /// Links to the hook program to lay before the tools start, by path below the run's scratch folder; the
  /// name says what the program is there for.
  public var links: [String]
  /// Environment variables that give the tools private, empty caches.
  public var caches: [String: String]
  /// Tools that have no setting of their own and get a wrapper in front of them on PATH.
  public var wrappers: [String]
  /// What could not be brought under control, one line each.
  public var gaps: [String]

  /// Creates a redirection.
  public init(
    environment: [String: String?] = [:], personal: Set<String> = [], files: [String: String] = [:],
    links: [String] = [], caches: [String: String] = [:], wrappers: [String] = [],
    gaps: [String] = []
  ) {
    self.environment = environment
    self.personal = personal
    self.files = files
    self.links = links
    self.caches = caches
    self.wrappers = wrappers
    self.gaps = gaps
  }
}
