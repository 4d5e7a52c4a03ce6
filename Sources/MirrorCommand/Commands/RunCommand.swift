import ArgumentParser
internal import Glibc
import MirrorCore
import MirrorGateway

/// `mirror run`: a build whose every fetch goes through the chain.
struct RunCommand: ParsableCommand, Subcommand {
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
    let session = try Session(self.session, in: toolbox)
    let build = Build(
      command: command, session: session, toolbox: toolbox, keepsCaches: keepCaches)
    let status: Int32
    do throws(MirrorError) {
      status = try await build.run()
    } catch {
      await session.close()
      throw error
    }
    await session.close()
    return try await finish(session, status, toolbox)
  }

  /// Writes lock and report, says the summary, and decides on the exit code.
  private func finish(
    _ session: Session, _ status: Int32, _ toolbox: Toolbox
  ) async throws(MirrorError) -> Int32 {
    let tally = session.ledger.soFar
    var status = status
    if status == 0, session.policy.isFrozen || session.policy.isStrict,
      let failure = tally.firstFailure
    {
      status = failure.exitCode
    }
    if tally.lostLines > 0 {
      toolbox.console.warn(
        "\(session.folder.ledgerPath): \(tally.lostLines) lines could not be written; "
          + "the record of this run is incomplete")
      if status == 0 { status = MirrorError.Code.misconfigured.exitCode }
    }
    if !session.policy.isFrozen {
      try await Lockfile.add(tally.lock.entries, toFileAt: session.lockPath)
    }
    let report = RunReport(tally, exit: status)
    let records = !session.policy.isFrozen && !tally.lock.isEmpty
    for line in report.summary(lock: records ? session.lockPath : nil) {
      toolbox.console.say(line)
    }
    if let jsonReport {
      try Disk.replace(jsonReport, with: "\(JSON.text(report))\n".utf8)
    }
    return status
  }
}
