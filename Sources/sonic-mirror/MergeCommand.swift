import ArgumentParser
import MirrorCommand
import MirrorSonic

/// `sonic-mirror versions merge`: what counts for one image.
struct MergeCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Write the lock files of one image, as upstream's generator does.",
    discussion: """
        sonic-mirror versions merge --versions files/build/versions --image docker-orchagent \\
          --dist bookworm --arch amd64 --out buildinfo/versions

      The lock files in --out are replaced. An image without files of its own has the defaults.
      """)

  @Option(
    help: ArgumentHelp("The release's lock files.", valueName: "dir"), completion: .directory)
  var versions = "files/build/versions"

  @Option(help: ArgumentHelp("The image, such as docker-orchagent.", valueName: "name"))
  var image: String

  @Option(help: ArgumentHelp("Where the image's own files lie instead.", valueName: "dir"))
  var folder: String?

  @Option(help: ArgumentHelp("The distribution, such as bookworm.", valueName: "name"))
  var dist: String

  @Option(help: ArgumentHelp("The architecture, such as amd64.", valueName: "name"))
  var arch: String

  @Option(help: ArgumentHelp("Where the merged files go.", valueName: "dir"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "The priority of apt's pins: 999 is upstream's, 1001 goes back from newer packages too.",
      valueName: "number"))
  var priority = AptPreferences.defaultPriority

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let merged = try VersionTree(at: versions)
      .versions(for: image, distribution: dist, architecture: arch, folder: folder)
    try merged.write(into: out, priority: priority)
    return 0
  }
}
