import ArgumentParser
import MirrorCore

/// `mirror` itself: its sub-commands, its version and its help.
struct MirrorCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "mirror",
    abstract: "Makes any build recorded, verified and repeatable offline.",
    discussion: """
        mirror run -- make                 record what the build fetches
        mirror run --offline -- make       repeat it without a network
        mirror check                       prove that the store has all of the lock
        mirror explain URL                 who would be asked, and why

      Exit codes: 0 done, 10 nobody has it, 20 refused by policy, 21 unavailable, 22 denied, 23 corrupt, 24 insecure, \
      25 misconfigured, 26 offline and not in the store, 64 wrong usage. \
      mirror run passes the exit code of its command through.
      """,
    subcommands: CommandLineTool.commands)

  @Flag(help: "Print the version and the ecosystems that are built in.")
  var version = false

  func run(in toolbox: Toolbox) async throws -> Int32 {
    guard version else { throw CleanExit.helpRequest(Self.self) }
    try StandardOutput.print(toolbox.version(of: "mirror"))
    return 0
  }
}
