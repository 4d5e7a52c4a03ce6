import MirrorCore
import Synchronization

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
  /// The object that is asked for by its name.
  var wanted: String?
  /// HTTP statuses that mean "not here" at the source.
  var absentCodes: Set<Int> = []

  /// How long git is waited for.
  enum Wait: Sendable {
    /// All of it must end within the patience's limit.
    case brief
    /// As long as it goes on printing.
    case aloud
    /// To its end: it has a limit of its own.
    case quiet
  }

  /// Runs git, and again after passing failures.
  ///
  /// - Returns: what it printed; `nil` when the source has no such thing, with its words in `absence`.
  /// - Throws: what the source's failure is.
  func run(
    _ arguments: [String], _ wait: Wait, absence: inout String?
  ) async throws(MirrorError) -> [UInt8]? {
    var attempt = 0
    while true {
      // Nothing is read from a work tree that the command happens to stand in.
      let program = Program(prefix + ["git"] + arguments, environment: environment, folder: "/")
      guard let (end, output) = try await outcome(of: program, wait) else {
        throw silence
      }
      if end.status == 0 {
        // Git warns of refs that it does not take, and calls that a success.
        guard !end.errors.contains("shallow roots are not allowed") else {
          throw MirrorError(
            .misconfigured,
            "\(subject): \(source) is a shallow clone; run git fetch --unshallow there, or name a whole one"
          )
        }
        return output
      }
      switch GitFailure(end.errors, absentCodes: absentCodes, wanted: wanted) {
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
  ///
  /// - Parameter file: what grows while git works and prints nothing.
  /// - Throws: `unavailable` when it fell silent.
  func stream(
    _ arguments: [String], input: [UInt8], file: String,
    output: @escaping @Sendable ([UInt8]) async throws(MirrorError) -> Void
  ) async throws(MirrorError) -> Program.End {
    let program = Program(
      ["git"] + arguments, environment: environment, folder: "/", input: input)
    let speaking = SpeakingProgram(
      program: program, programs: surroundings.programs, limit: patience.limit, file: file)
    guard let end = try await speaking.run(output: output) else { throw silence }
    return end
  }

  /// The address that git makes of one by the user's rules (`url.<base>.insteadOf`).
  func rewritten(_ address: String) async throws(MirrorError) -> String {
    var absence: String?
    let output = try await run(["ls-remote", "--get-url", address], .brief, absence: &absence)
    return output.map { String(String(decoding: $0, as: UTF8.self).prefix { $0 != "\n" }) }
      ?? address
  }

  private var silence: MirrorError {
    MirrorError(.unavailable, "\(subject): \(source) did not answer within \(patience.seconds) s")
  }

  /// The outcome of a run; `nil` when it took too long.
  private func outcome(
    of program: Program, _ wait: Wait
  ) async throws(MirrorError) -> (end: Program.End, output: [UInt8])? {
    let programs = surroundings.programs
    switch wait {
    case .brief: return try await programs.collect(program, within: patience.limit)
    case .quiet: return try await programs.collect(program)
    case .aloud:
      let words = LastWords()
      let speaking = SpeakingProgram(program: program, programs: programs, limit: patience.limit)
      guard var end = try await speaking.run(output: { words.append($0) }) else { return nil }
      end.errors = words.text
      return (end, [])
    }
  }

  /// The end of what git said, which may be long.
  private final class LastWords: Sendable {
    private static let limit = 1 << 16
    private let bytes = Mutex<[UInt8]>([])

    func append(_ more: [UInt8]) {
      bytes.withLock { bytes in
        bytes += more
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
      }
    }

    /// The lines, without the table of refs that git prints when nobody tells it to be quiet.
    var text: String {
      let text = bytes.withLock { String(decoding: $0, as: UTF8.self) }
      return text.split(whereSeparator: \.isNewline).filter { $0.first != " " }
        .joined(separator: "\n")
    }
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
