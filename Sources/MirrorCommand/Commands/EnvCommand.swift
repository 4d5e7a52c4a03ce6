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
        docker build --network host $(mirror env --docker) .   # after the line with eval

      The values hold the gateway's token: they belong into an environment, not into a file. Docker keeps
      the values of arguments that a Dockerfile declares in the history of that stage's image: declare them
      in a stage that is not published.
      """)

  @OptionGroup var session: SessionOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(
    help: ArgumentHelp(
      "Print build arguments for docker instead.",
      discussion:
        "Names alone, so that no token is in the arguments: docker takes the values from the "
        + "environment. The Dockerfile declares with ARG those that docker does not know by itself."
    ))
  var docker = false

  func validate() throws {
    if json, docker { throw ValidationError("--json and --docker are two forms; choose one") }
  }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let store = try Store(at: session.store)
    let address = try RunningGateway(in: store).address()
    let versions = try session.configuration(for: toolbox)
      .versions(of: toolbox.resolvers, lock: try Lockfile(contentsOf: session.lock))
    let surroundings = Surroundings(
      environment: toolbox.environment, isFrozen: session.locked || session.offline,
      programs: SubprocessRunner(), versions: versions)
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
    if docker {
      let names = buildArguments(of: environment.variables, for: address, in: toolbox)
      try StandardOutput.print(names.map { "--build-arg \($0)" }.joined(separator: " "))
      return 0
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

  /// The names of the variables that a container is to have.
  private func buildArguments(
    of variables: [String: String], for address: GatewayAddress, in toolbox: Toolbox
  ) -> [String] {
    // What leads to files of this machine leads nowhere in a container.
    let place = address.authority
    let isSetting = { (name: String) in name.contains(/^GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)$/) }
    let names = variables.filter { $0.value.contains(place) && !isSetting($0.key) }.keys
    let own = Set(Self.gitSettings(toolbox.environment))
      .subtracting(
        Self.gitSettings(variables).dropFirst(Self.gitSettings(toolbox.environment).count))
    guard own.isEmpty else {
      // They are counted together, and may hold logins.
      toolbox.console.warn(
        "git is left out: GIT_CONFIG_COUNT has settings of your own, which would come along")
      return names.sorted()
    }
    return (names + variables.keys.filter(isSetting)).sorted()
  }

  /// The settings that variables hold for git (git-config(1), GIT_CONFIG_COUNT), each in a line.
  private static func gitSettings(_ variables: [String: String]) -> [String] {
    (0..<max(0, min(1000, variables["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0))).map { number in
      "\(variables["GIT_CONFIG_KEY_\(number)"] ?? "")=\(variables["GIT_CONFIG_VALUE_\(number)"] ?? "")"
    }
  }
}
