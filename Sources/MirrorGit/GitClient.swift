import MirrorCore

/// Git as it is run for a source: in the user's surroundings, without prompts, checking every object.
struct GitClient: Sendable {
  let surroundings: Surroundings
  let patience: GitPatience
  /// What the run is for, in messages.
  let subject: String
  /// The source that is asked, in messages.
  let source: String
  /// Settings beside the everyday ones.
  var settings: [(String, String)] = []
  /// Variables beside the everyday ones; `nil` takes one away.
  var variables: [String: String?] = [:]
  /// Words before those of git, of a program that becomes it.
  var prefix: [String] = []
  /// The protocols that may be spoken, as `GIT_ALLOW_PROTOCOL` has them; those of git itself without.
  var protocols: String?
  /// Whether the source is a mirror of the configuration, and not the origin.
  var isConfigured = false
  /// Where the login that it shows is found; `nil` where git looks for one itself.
  var credential: CredentialReference?
  /// HTTP statuses that mean "not here" at the source.
  var absentCodes: Set<Int> = []

  /// Runs git, and again after passing failures.
  ///
  /// - Parameter isBrief: whether all of it must end within the patience's limit, and not only its silences.
  /// - Returns: what it printed; `nil` when the source has no such thing, with its words in `absence`.
  /// - Throws: what the source's failure is.
  func run(
    _ arguments: [String], isBrief: Bool, absence: inout String?
  ) async throws(MirrorError) -> [UInt8]? {
    var attempt = 0
    while true {
      // Nothing is read from a work tree that the command happens to stand in.
      let program = Program(prefix + ["git"] + arguments, environment: environment, folder: "/")
      guard let (end, output) = try await outcome(of: program, isBrief: isBrief) else {
        throw MirrorError(
          .unavailable, "\(subject): \(source) did not answer within \(patience.seconds) s")
      }
      if end.status == 0 { return output }
      switch GitFailure(end.errors, absentCodes: absentCodes) {
      case .absent(let line):
        absence = line
        return nil
      case .error(let code, let line, let isPassing):
        attempt += 1
        guard isPassing, attempt <= patience.retries else {
          let login = credential.map { "credential \($0)" } ?? "login that git has for it"
          let hint = code == .denied ? "; check the \(login)" : ""
          throw MirrorError(code, "\(subject): \(source): \(line)\(hint)")
        }
        do { try await Task.sleep(for: patience.wait(before: attempt)) } catch {
          throw MirrorError(.unavailable, "\(subject): cancelled")
        }
      }
    }
  }

  /// Runs git once, and gives what it prints to a listener.
  func stream(
    _ arguments: [String], input: [UInt8], output: ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End {
    let program = Program(
      ["git"] + arguments, environment: environment, folder: "/", input: input)
    return try await surroundings.programs.run(program, output: output)
  }

  /// The outcome of a run; `nil` when it took too long.
  private func outcome(
    of program: Program, isBrief: Bool
  ) async throws(MirrorError) -> (end: Program.End, output: [UInt8])? {
    let programs = surroundings.programs
    guard isBrief else { return try await programs.collect(program) }
    return try await programs.collect(program, within: patience.limit)
  }

  // MARK: Environment

  /// The user's environment, without what binds git to one repository, and with our settings last.
  private var environment: [String: String] {
    var variables = userVariables.filter { name, _ in
      !Self.bound.contains(name) && !name.hasPrefix("GIT_TRACE")
    }
    variables["LC_ALL"] = "C"
    variables["LANGUAGE"] = nil
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GCM_INTERACTIVE"] = "never"
    variables["SSH_ASKPASS"] = nil
    variables["SSH_ASKPASS_REQUIRE"] = "never"
    if let protocols { variables["GIT_ALLOW_PROTOCOL"] = protocols }
    for (name, value) in self.variables { variables[name] = value }
    let all = GitSettings(
      Self.everyday + [
        ("http.lowSpeedLimit", "1024"), ("http.lowSpeedTime", String(patience.seconds)),
      ] + (surroundings.showsLogins ? [] : [("credential.helper", "")]) + settings)
    return variables.merging(all.variables(after: variables)) { $1 }
  }

  /// The user's environment, as far as whoever asks may be shown what it leads to.
  private var userVariables: [String: String] {
    let own = surroundings.environment
    if surroundings.showsLogins { return own }
    var variables = surroundings.environmentForStrangers
    guard isConfigured else { return variables }
    // A mirror is named by whoever runs the server, with the way to reach it.
    for (name, value) in own where name.hasPrefix("GIT_SSH") || name.hasPrefix("GIT_CONFIG_") {
      variables[name] = variables[name] ?? value
    }
    return variables
  }

  /// `git rev-parse --local-env-vars`, but for GIT_CONFIG_*, which are the user's settings.
  private static let bound: Set<String> = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR",
    "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH",
    "GIT_PROTOCOL", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH",
  ]

  private static let everyday: [(String, String)] =
    [
      ("transfer.fsckObjects", "true"), ("fetch.fsckObjects", "true"), ("fetch.unpackLimit", "1"),
      ("fetch.writeCommitGraph", "true"), ("fetch.recurseSubmodules", "false"),
      // What was recorded is never thrown away.
      ("gc.auto", "0"), ("maintenance.auto", "false"), ("core.hooksPath", "/dev/null"),
      ("safe.directory", "*"), ("credential.interactive", "false"),
    ]
    + harmlessFlaws.map { ("fetch.fsck.\($0)", "ignore") }

  /// Flaws of old tools that are in the history of many repositories and endanger nobody; every clone
  /// accepts them (git-fsck(1)).
  static let harmlessFlaws = [
    "zeroPaddedFilemode", "missingSpaceBeforeDate", "missingSpaceBeforeEmail",
    "missingNameBeforeEmail", "missingEmail", "badEmail", "badName", "badDate", "badDateOverflow",
    "badTimezone", "badFilemode", "multipleAuthors", "missingTaggerEntry", "badTagName",
  ]
}
