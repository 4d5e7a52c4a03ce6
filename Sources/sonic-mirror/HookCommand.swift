import ArgumentParser

/// `sonic-mirror hook`: our place in SONiC's build.
struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook", abstract: "Lay the wrapper into SONiC's build, or take it away.",
    subcommands: [HookInstallCommand.self, HookRemoveCommand.self, HookConfigCommand.self])
}

/// The folder that SONiC copies into every container.
struct BuildInfoOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder that SONiC copies into every image.", valueName: "dir"),
    completion: .directory)
  var buildinfo = "src/sonic-build-hooks/buildinfo"
}
