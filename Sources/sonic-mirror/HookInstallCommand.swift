import ArgumentParser
import Glibc
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror hook install`: the wrapper, its configuration, and the line that leads to it.
struct HookInstallCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Lay the wrapper into the folder that SONiC copies into its images.",
    discussion: """
        sonic-mirror hook install --gateway http://172.17.0.1:8040

      Everything lies below mirror/ in that folder, but for one line at the end of \
      config/buildinfo.config and a hook for go; SONiC's own files stay as they are. To be called again \
      whenever SONiC has written its configuration anew. Nothing secret is laid: a token reaches the \
      tools as MIRROR_GATEWAY in their environment.
      """)

  @OptionGroup var folder: BuildInfoOption

  @Option(
    help: ArgumentHelp(
      "The gateway as containers reach it, http://ADDRESS:PORT; without it, MIRROR_GATEWAY in their "
        + "environment has to name it.", valueName: "url"))
  var gateway: String?

  @Flag(help: "A tool must not run while the gateway does not answer, or none is named.")
  var required = false

  @Flag(
    help: "A package that the image's versions-deb or versions-pyN does not have stops apt and pip."
  )
  var strict = false

  @Option(help: ArgumentHelp("Where containers find the folder.", valueName: "dir"))
  var place = SeatInstallation.usualPlace

  @Option(
    help: ArgumentHelp(
      "A built sonic-hook; may be given once for each kind of machine. Without it, the one beside this "
        + "program.", valueName: "file"), completion: .file())
  var program: [String] = []

  func run(in toolbox: Toolbox) async throws -> Int32 {
    var url: Locator?
    if let gateway {
      url = Locator(gateway)
      if url == nil {
        throw MirrorError(
          .misconfigured, "--gateway \(Locator.redacting(gateway)): is not http://ADDRESS:PORT")
      }
    }
    let installation = SeatInstallation(
      into: folder.buildinfo, gateway: url, isRequired: required, isStrict: strict,
      programs: program.isEmpty ? [Self.besideUs] : program, root: place)
    try await installation.install(toolbox.resolvers)
    return 0
  }

  /// `sonic-hook` in the folder of this program.
  private static var besideUs: String {
    guard let path = realpath("/proc/self/exe", nil) else { return "sonic-hook" }
    defer { free(path) }
    let own = String(cString: path)
    return own.lastIndex(of: "/").map { "\(own[...$0])sonic-hook" } ?? "sonic-hook"
  }
}

/// `sonic-mirror hook remove`: everything as it was.
struct HookRemoveCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take the wrapper out of the folder again.")

  @OptionGroup var folder: BuildInfoOption

  @Option(help: ArgumentHelp("Where containers find the folder.", valueName: "dir"))
  var place = SeatInstallation.usualPlace

  func run(in toolbox: Toolbox) async throws -> Int32 {
    try SeatInstallation(into: folder.buildinfo, root: place).remove()
    return 0
  }
}

/// `sonic-mirror hook config`: a beginning for mirror.conf.
struct HookConfigCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print a mirror.conf for what buildinfo.config names.",
    discussion: """
        sonic-mirror hook config > mirror.conf

      The file is read as data and never executed; the variables of every release branch are known.
      """)

  @OptionGroup var folder: BuildInfoOption

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let path = "\(folder.buildinfo)/config/buildinfo.config"
    try StandardOutput.write(try BuildConfiguration(contentsOf: path).mirrorConfiguration.utf8)
    return 0
  }
}
