import ArgumentParser
internal import Glibc
import MirrorCore
import MirrorHTTP

/// `mirror init`: a configuration to begin with.
struct InitCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a commented mirror.conf to begin with.",
    discussion: """
        mirror init
        mirror init --config ci/mirror.conf

      It changes nothing: every chain is the one that a build without a configuration has. Its comments \
      say what pip, apt, go and git are set to ask on this machine, without logins.
      """)

  @Option(
    help: ArgumentHelp("Where it is written; - for standard output.", valueName: "file"),
    completion: .file())
  var config = "mirror.conf"

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let surroundings = Surroundings(
      environment: toolbox.environment, programs: SubprocessRunner())
    var upstreams: [Ecosystem: [String]] = [:]
    for resolver in toolbox.resolvers {
      upstreams[resolver.ecosystem] = await resolver.upstreams(in: surroundings)
    }
    let text = FirstConfiguration(upstreams: upstreams).text
    guard config != "-" else {
      try StandardOutput.write(text.utf8)
      return 0
    }
    guard access(config, F_OK) != 0 else {
      throw MirrorError(
        .misconfigured, "\(config): is there already; name another file with --config")
    }
    try OutputFile(path: config).write { descriptor throws(MirrorError) in
      try Disk.write(Array(text.utf8), to: descriptor, path: config)
    }
    toolbox.console.say("wrote \(config)")
    return 0
  }
}

/// The text of a configuration that changes nothing and explains itself.
struct FirstConfiguration {
  let upstreams: [Ecosystem: [String]]

  var text: String {
    var lines = [
      "# Where this build's tools get what they ask for. Without this file every chain is as it is here.",
      "# A mirror is added like this, and named in a chain:",
      "#",
      "#   [mirror acme]",
      "#   url = https://mirror.acme.example/",
      "#   credential = env:ACME_TOKEN",
      "#   mode = gatekeeper",
      "#",
      "# Every key is explained in Documentation/Configuration.md.",
    ]
    for (ecosystem, places) in upstreams.sorted(by: { $0.key < $1.key }) {
      lines.append("")
      lines += places.map { "# asked now: \(Self.line($0))" }
      lines += [
        "[chain \(ecosystem)]",
        "sources = \(Configuration().everydayChain.joined(separator: ", "))",
      ]
    }
    return lines.map { "\($0)\n" }.joined()
  }

  /// A text that stays in its comment.
  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
