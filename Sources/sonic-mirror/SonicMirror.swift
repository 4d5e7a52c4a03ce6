import ArgumentParser
import MirrorCommand

/// `sonic-mirror`: everything `mirror` does, and SONiC's lock files and hooks.
struct SonicMirror: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "sonic-mirror",
    abstract: "Makes a SONiC build recorded, verified and repeatable offline.",
    discussion: """
        sonic-mirror versions merge …      what counts for an image, as upstream merges it
        sonic-mirror hook install …        our place in the folder that SONiC copies into its images
        sonic-mirror serve --listen …      the gateway that the images ask

      With SONIC_VERSIONS=DIR in the environment every URL that versions-web of that folder lists must have \
      its MD5, and every repository of its versions-git stands at the commit of the list. Exit codes are those of mirror; versions diff ends with 1 where there are differences.
      """,
    subcommands: [VersionsCommand.self, HookCommand.self] + CommandLineTool.commands)

  @Flag(help: "Print the version and the ecosystems that are built in.")
  var version = false

  func run(in toolbox: Toolbox) async throws -> Int32 {
    guard version else { throw CleanExit.helpRequest(Self.self) }
    try StandardOutput.print(toolbox.version(of: "sonic-mirror"))
    return 0
  }
}
