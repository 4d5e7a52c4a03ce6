import ArgumentParser
import MirrorCore

/// `mirror config`: the tools' own configuration files, for images without our binary.
struct ConfigCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Print the file that points an ecosystem's tools at a mirror.",
    discussion: """
        mirror config pip                                    # the first mirror of pip's chain
        mirror config --mirror acme --into image-root go     # laid below a folder
        mirror config --gateway http://mirror.acme.example:8040/ apt
        mirror config --into image-root apt                  # the sources that are in it, changed

      Without the binary there is no chain: the tools ask this one place, and nothing is recorded. wget and \
      curl know of no mirrors, so web takes a gateway alone. apt's sources are those below the folder, if \
      there are any, else those of this machine. \
      No credential is ever written into these files, since they ship in an image.
      """)

  @Option(
    help: ArgumentHelp(
      "The configuration.", discussion: "Without it, mirror.conf here is read if it is there.",
      valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The mirror to point at.", valueName: "name"))
  var mirror: String?

  @Option(help: ArgumentHelp("A gateway without a token to point at instead.", valueName: "url"))
  var gateway: String?

  @Option(
    help: ArgumentHelp(
      "Write the files below this folder instead of printing them.", valueName: "dir"),
    completion: .directory)
  var into: String?

  @Argument(help: ArgumentHelp("The ecosystem, such as pip.", valueName: "ecosystem"))
  var ecosystem: String

  func validate() throws {
    if mirror != nil, gateway != nil {
      throw ValidationError("--mirror and --gateway are two places; name one of them")
    }
  }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let resolver = try toolbox.resolver(of: ecosystem)
    var surroundings = Surroundings(environment: toolbox.environment)
    surroundings.imageRoot = into
    let files = resolver.nativeFiles(for: try place(for: resolver, toolbox), in: surroundings)
    guard !files.isEmpty else {
      throw MirrorError(
        .misconfigured,
        "\(ecosystem): its tools have no file that points them at this place; give --gateway URL, or use "
          + "mirror env")
    }
    for file in files { try deliver(file, isAlone: files.count == 1) }
    return 0
  }

  /// The place that was named, or the chain's first mirror.
  private func place(
    for resolver: any Resolver, _ toolbox: Toolbox
  ) throws(MirrorError) -> NativePlace {
    if let gateway {
      guard let url = Locator(gateway), ["http", "https"].contains(url.scheme), url.userInfo == nil
      else {
        throw MirrorError(
          .misconfigured,
          "--gateway \(Locator.redacting(gateway)): is not an http or https URL without a login")
      }
      return .gateway(url)
    }
    let configuration = try Configuration(
      at: config, for: toolbox.resolvers.map(\.ecosystem), beside: toolbox.mirrors)
    let chain = configuration.chains[resolver.ecosystem] ?? configuration.everydayChain
    let name = mirror ?? chain.first { configuration.mirrors[$0] != nil }
    guard let name else {
      throw MirrorError(
        .misconfigured,
        "\(ecosystem): its chain names no mirror; add one to mirror.conf, or give --gateway URL")
    }
    guard let settings = configuration.mirrors[name] else {
      throw MirrorError(.misconfigured, "no mirror is named '\(name)'; check --mirror")
    }
    guard settings.program.isEmpty else {
      throw MirrorError(
        .misconfigured, "'\(name)' is a program, which tools cannot ask; give --mirror or --gateway"
      )
    }
    return .mirror(settings)
  }

  private func deliver(_ file: NativeFile, isAlone: Bool) throws(MirrorError) {
    guard let into else {
      if !isAlone { try StandardOutput.print("# \(file.path)") }
      return try StandardOutput.write(file.text.utf8)
    }
    let path = into + (file.path.hasPrefix("/") ? "" : "/") + file.path
    try Disk.makeFolder(Disk.parent(of: path))
    try OutputFile(path: path).write { descriptor throws(MirrorError) in
      try Disk.write(Array(file.text.utf8), to: descriptor, path: path)
    }
  }
}
