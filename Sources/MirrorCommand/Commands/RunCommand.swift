import ArgumentParser
internal import Glibc
import MirrorCore
import MirrorGateway

/// `mirror run`: a build whose every fetch goes through the chain.
struct RunCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a command whose fetches are recorded and verified.",
    discussion: """
      The command's tools are pointed at a gateway that lives as long as the command. What it was \
      served is recorded in the lock; with --offline the same command is served from the store.

        mirror run -- pip download --dest wheels requests
        mirror run --offline -- pip download --dest wheels requests
        mirror run --locked --json-report report.json -- make -j4

      The exit code is the command's own. When the command succeeded although something was refused \
      to it in a locked, offline or strict run, it is that refusal's: see mirror --help.
      """)

  @OptionGroup var session: SessionOptions

  @Flag(help: "Let the tools use their own caches; what comes from there is not recorded.")
  var keepCaches = false

  @Option(
    help: ArgumentHelp("Write the figures of the run to a file.", valueName: "file"),
    completion: .file())
  var jsonReport: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The command and its arguments, after --.", valueName: "command"),
    completion: .shellCommand(""))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty {
      throw ValidationError("name the command after --, as in: mirror run -- make")
    }
  }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    try checkPlaces()
    let session = try Session(self.session, in: toolbox)
    // A short build does not share the disk with us; a long one can be killed.
    let recorder = Recorder(session, toolbox, pause: .seconds(10))
    let build = Build(
      command: command, session: session, toolbox: toolbox, keepsCaches: keepCaches,
      recorder: recorder)
    let result: Result<Int32, MirrorError>
    do throws(MirrorError) {
      result = .success(try await build.run())
    } catch {
      result = .failure(error)
    }
    await session.close()
    return try await finish(session, recorder, try result.get(), toolbox)
  }

  /// Finds out before the build, not after it, whether lock and report can be written.
  private func checkPlaces() throws(MirrorError) {
    try session.checkLockPlace()
    // What is there may be a device, whose folder is nobody's to write.
    if let jsonReport, access(jsonReport, W_OK) != 0 {
      try OutputPlace.check(jsonReport, for: "the report")
    }
  }

  /// Writes lock and report, says the summary, and decides on the exit code.
  private func finish(
    _ session: Session, _ recorder: Recorder, _ status: Int32, _ toolbox: Toolbox
  ) async throws(MirrorError) -> Int32 {
    let tally = session.ledger.soFar
    let console = toolbox.console
    var fault = Self.fault(of: tally, session.policy)
    let loss = session.reportLostLines(of: tally, console)
    fault = fault ?? loss
    do throws(MirrorError) {
      try await recorder.finish(tally)
    } catch {
      console.warn(error.message)
      fault = fault ?? error.code
    }
    let exit = status == 0 ? fault?.exitCode ?? 0 : status
    let report = RunReport(tally, exit: exit)
    let records = !session.policy.isFrozen && !tally.lock.isEmpty
    for line in report.summary(lock: records ? session.lockPath : nil) { console.say(line) }
    do throws(MirrorError) {
      try write(report)
    } catch {
      // What the command itself says counts for more.
      guard exit != 0 else { throw error }
      console.warn(error.message)
    }
    return exit
  }

  private func write(_ report: RunReport) throws(MirrorError) {
    guard let jsonReport else { return }
    try OutputFile(path: jsonReport).write { descriptor throws(MirrorError) in
      try Disk.write(Array("\(JSON.text(report))\n".utf8), to: descriptor, path: jsonReport)
    }
  }

  /// The failure that a build's own success does not outweigh: any refusal where everything was to be
  /// there, and a record that could not be kept anywhere.
  private static func fault(of tally: Tally, _ policy: Policy) -> MirrorError.Code? {
    if policy.isStrict, !tally.incidents.isEmpty { return tally.firstFailure ?? .corrupt }
    if policy.isFrozen || policy.isStrict { return tally.firstFailure }
    return tally.firstFailure == .misconfigured ? .misconfigured : nil
  }
}
