import ArgumentParser
import MirrorCommand
import MirrorSonic

/// `sonic-mirror versions pins`: constraints for pip and pins for apt.
struct PinsCommand: Subcommand {
  enum Tool: String, ExpressibleByArgument, CaseIterable {
    case pip
    case pip2
    case apt
  }

  static let configuration = CommandConfiguration(
    commandName: "pins", abstract: "Print what holds pip or apt to an image's lock files.",
    discussion: """
        sonic-mirror versions pins pip buildinfo/versions > constraints.txt
        sonic-mirror versions pins apt --priority 1001 buildinfo/versions > /etc/apt/preferences.d/sonic
      """)

  @Option(
    help: ArgumentHelp(
      "The priority of apt's pins: 999 is upstream's, 1001 goes back from newer packages too.",
      valueName: "number"))
  var priority = AptPreferences.defaultPriority

  @Argument(help: "The tool.")
  var tool: Tool

  @Argument(
    help: ArgumentHelp("The image's merged lock files.", valueName: "dir"), completion: .directory)
  var versions: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let lists = try ImageVersions(contentsOf: versions)
    let text =
      switch tool {
      case .pip: PipConstraints(lists[.py3]).text
      case .pip2: PipConstraints(lists[.py2]).text
      case .apt: AptPreferences(lists[.deb], priority: priority).text
      }
    try StandardOutput.write(text.utf8)
    return 0
  }
}
