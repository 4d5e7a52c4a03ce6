import ArgumentParser

/// `sonic-mirror versions`: SONiC's lock files.
struct VersionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "Merge, compare and translate SONiC's lock files.",
    subcommands: [
      MergeCommand.self, DiffCommand.self, ImportCommand.self, ExportCommand.self,
      PinsCommand.self,
    ])
}
