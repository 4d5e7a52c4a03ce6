import ArgumentParser
import MirrorCore
import MirrorHTTP

/// `mirror env`: the variables that point a shell's tools at a running gateway.
struct EnvCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "env", abstract: "Print the variables that point tools at a running gateway.",
    discussion: """
        mirror serve --listen 127.0.0.1:8040 &
        eval "$(mirror env)"
        pip download --dest wheels requests

      The values hold the gateway's token: they belong into an environment, not into a file.
      """)

  @OptionGroup var session: SessionOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let store = try Store(at: session.store)
    let address = try RunningGateway(in: store).address()
    let surroundings = Surroundings(
      environment: toolbox.environment, isFrozen: session.locked || session.offline,
      programs: SubprocessRunner())
    let redirections = await toolbox.redirections(
      to: address, in: surroundings, scratch: "\(Disk.absolute(store.path))/scratch")
    for (_, redirection) in redirections { try redirection.lay() }
    let environment = BuildEnvironment(
      from: toolbox.environment, gateway: address, redirections: redirections, wrappers: nil,
      keepsCaches: true)
    var changes: [String: String?] = environment.variables
      .filter { toolbox.environment[$0.key] != $0.value }
    for name in toolbox.environment.keys where environment.variables[name] == nil {
      changes.updateValue(nil, forKey: name)
    }
    if json {
      try StandardOutput.print(JSON.text(changes))
      return 0
    }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      let line = value.map { "export \(name)='\($0.replacing("'", with: "'\\''"))'" }
      try StandardOutput.print(line ?? "unset \(name)")
    }
    return 0
  }
}
