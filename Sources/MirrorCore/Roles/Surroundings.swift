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
  /// Runs programs, in whatever environment.
  public var programs: any ProgramRunner
  /// The store's folder, in which an ecosystem may keep what is no file, below its own name; `nil` where
  /// there is no store.
  public var storage: String?
  /// The versions that packages are held to, by ecosystem and name; an ecosystem that is not held to any has no entry.
  public var versions: [Ecosystem: [String: String]]
  /// Whether the run is strict.
  public var isStrict: Bool
  /// The configuration's one limit for every wait, where it has one.
  public var timeLimit: Duration?
  /// The root of the image that native files are for, where that is known: what the image itself has of such
  /// files counts, and not what this machine has.
  public var imageRoot: String?

  /// Creates surroundings; without `programs` nothing can be run.
  public init(
    environment: [String: String], scratch: String? = nil, isFrozen: Bool = false,
    showsLogins: Bool = true, programs: any ProgramRunner = NoPrograms(), storage: String? = nil,
    timeLimit: Duration? = nil, versions: [Ecosystem: [String: String]] = [:],
    isStrict: Bool = false
  ) {
    self.environment = environment
    self.scratch = scratch
    self.isFrozen = isFrozen
    self.showsLogins = showsLogins
    self.programs = programs
    self.storage = storage
    self.timeLimit = timeLimit
    self.versions = versions
    self.isStrict = isStrict
  }

  /// One of the user's own tools, to be run in the user's environment.
  ///
  /// - Parameter changes: variables that differ from it; `nil` takes one away.
  public func tool(
    _ words: [String], changing changes: [String: String?] = [:], folder: String? = nil
  ) -> Program {
    var variables = environment
    for (name, value) in changes { variables[name] = value }
    return Program(words, environment: variables, folder: folder)
  }

  /// The user's environment, without what leads a tool to the user's own logins: for what is asked on
  /// behalf of somebody who must not be shown them (``showsLogins``).
  ///
  /// OpenSSH finds the user's keys without any variable, so that no ssh is spoken at all.
  package var environmentForStrangers: [String: String] {
    var variables = environment.filter { name, _ in
      !Self.leadsToLogins.contains { name.hasPrefix($0) }
    }
    variables["HOME"] = "/nonexistent"
    variables["NETRC"] = "/dev/null"
    variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
    return variables
  }

  /// The beginnings of the names of such variables.
  private static let leadsToLogins = [
    "GIT_ASKPASS", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_",
    "GIT_CONFIG_PARAMETERS", "GIT_SSH", "SSH_", "XDG_CONFIG_HOME",
  ]

  /// Runs one of the user's own tools, and gives what it printed.
  ///
  /// - Parameter words: its name, and its arguments.
  /// - Returns: `nil` when it is not there, failed, or did not end within 15 minutes.
  public func ask(_ words: [String]) async -> String? {
    guard let (end, output) = try? await programs.collect(tool(words), within: .seconds(900)),
      end.status == 0
    else { return nil }
    return String(decoding: output, as: UTF8.self)
  }
}
