import ArgumentParser
import MirrorCore
import MirrorHTTP
import MirrorHook

/// `mirror env`: the variables that point a shell's tools at a running gateway.
struct EnvCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "env", abstract: "Print the variables that point tools at a running gateway.",
    discussion: """
        mirror serve --listen 127.0.0.1:8040 &
        eval "$(mirror env)"
        pip download --dest wheels requests
        docker build --network host $(mirror env --docker) .   # after the line with eval
        eval "$(mirror env --gateway http://10.0.0.7:8040/ --token-file token)"   # another machine's

      The values hold the gateway's token: they belong into an environment, not into a file. Docker keeps
      the values of arguments that a Dockerfile declares in the history of that stage's image: declare them
      in a stage that is not published.
      """)

  @OptionGroup var session: SessionOptions

  @Option(
    help: ArgumentHelp(
      "A gateway elsewhere, instead of the one that runs on the store.", valueName: "url"))
  var gateway: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line the gateway elsewhere asks for.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

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
    if tokenFile != nil, gateway == nil {
      throw ValidationError("--token-file is for --gateway; the gateway on the store says its own")
    }
  }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let store = try Store(at: session.store)
    let (address, isFrozen) = try gateway(of: store)
    let configuration = try session.configuration(for: toolbox)
    let isStrict = session.strict || configuration.isStrict
    let surroundings = Surroundings(
      environment: toolbox.environment, isFrozen: session.locked || session.offline || isFrozen,
      programs: SubprocessRunner(),
      versions: try configuration.versions(
        of: toolbox.resolvers, lock: try Lockfile(contentsOf: session.lock)),
      isStrict: isStrict)
    let scratch = "\(Disk.absolute(store.path))/scratch"
    let redirections = await toolbox.redirections(to: address, in: surroundings, scratch: scratch)
    for (_, redirection) in redirections { try redirection.lay() }
    let environment = BuildEnvironment(
      from: toolbox.environment, gateway: address, redirections: redirections,
      wrappers: try WrapperFolder(
        at: "\(scratch)/bin", for: redirections.flatMap(\.value.wrappers)),
      keepsCaches: true, isStrict: isStrict)
    var changes: [String: String?] = environment.variables
      .filter { toolbox.environment[$0.key] != $0.value }
    for name in toolbox.environment.keys where environment.variables[name] == nil {
      changes.updateValue(nil, forKey: name)
    }
    if docker {
      let names = buildArguments(
        of: environment.variables, for: address, redirections: redirections.map(\.value),
        in: toolbox)
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

  /// The gateway that was named, or the one that runs on the store, and whether that is known to be frozen.
  private func gateway(
    of store: Store
  ) throws(MirrorError) -> (address: MirrorCore.GatewayAddress, isFrozen: Bool) {
    guard let gateway else { return try RunningGateway(in: store).found() }
    guard let url = Locator(gateway), url.scheme == "http", url.userInfo == nil, url.path == "/",
      MirrorHook.GatewayAddress(gateway) != nil
    else {
      throw MirrorError(
        .misconfigured,
        "--gateway \(Locator.redacting(gateway)): is not http://ADDRESS:PORT/, with an IPv4 address, since the "
          + "wrappers look no names up, and its token in --token-file")
    }
    let token = try tokenFile.map { file throws(MirrorError) in try TokenFile.token(at: file) }
    return (MirrorCore.GatewayAddress(host: url.host, port: url.effectivePort, token: token), false)
  }

  /// The names of the variables that a container is to have.
  private func buildArguments(
    of variables: [String: String], for address: MirrorCore.GatewayAddress,
    redirections: [Redirection],
    in toolbox: Toolbox
  ) -> [String] {
    // What leads to files of this machine leads nowhere in a container.
    let place = address.authority
    let isSetting = { (name: String) in name.contains(/^GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)$/) }
    let names = variables.filter { $0.value.contains(place) || isSetting($0.key) }.keys
    let personal = redirections.reduce(into: Set<String>()) { $0.formUnion($1.personal) }
    if !personal.isDisjoint(with: names) {
      toolbox.console.warn(
        "git is left out: GIT_CONFIG_COUNT has settings of your own, which would come along")
    }
    return names.filter { !personal.contains($0) }.sorted()
  }
}
