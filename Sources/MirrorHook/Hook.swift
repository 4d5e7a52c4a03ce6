#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program that stands in front of a tool, reads its command line, and becomes it.
///
/// It either understands the command line to the last word and redirects its URLs to the gateway,
/// or executes the real tool exactly as it was called: same argument vector, same environment,
/// nothing printed. A gateway that is named and not there is said in one line. A wrapper starts no thread,
/// keeps no process, and never asks the network anything but whether the gateway is there; only apt's method
/// stays, since apt talks to it.
public enum Hook {
  /// The version that `mirror-hook --version` prints.
  public static let version = "0.1.0"

  /// Whether a program of that name is one that the hook stands in front of.
  public static func standsFor(_ name: String) -> Bool {
    CommandGrammar.named(name) != nil || AcquireMethod.names.contains(name)
      || PinnedCommand.tools.contains(name)
  }

  /// Whether a name is one that apt calls an acquire method of ours by.
  package static func isMethod(_ name: String) -> Bool { AcquireMethod.names.contains(name) }

  /// Runs the hook in front of the tool this process was called as, or in front of a given one.
  ///
  /// The vector is handed to the tool as it is, unless URLs in it are redirected: its bytes need not
  /// be UTF-8, and Swift's own array of arguments would repair them.
  public static func run(
    as name: String? = nil,
    vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv
  ) -> Never {
    let calledAs = vector[0].map { String(cString: $0) } ?? ""
    let tool = name ?? RealTool.name(calledAs: calledAs)
    if tool == "mirror-hook" { explain(vector) }
    if AcquireMethod.names.contains(tool) { AcquireMethod.run(tool) }

    if PinnedCommand.tools.contains(tool), let pinned = PinnedCommand() {
      pinned.check(tool, ToolInvocation(tool, vector: vector)?.arguments)
    }
    let plan = ToolInvocation(tool, vector: vector).flatMap(Self.plan(for:))
    let path = ToolSurroundings.process.variable("PATH")
    guard let real = RealTool.find(tool, path: path, calledAs: calledAs) else {
      say("mirror-hook: \(tool): not found on PATH (other than mirror's own)")
      exit(127)
    }
    if let plan {
      if plan.gateway.answers() { plan.follow(with: real, calledAs: vector[0]) }
      MissingGateway.silent(plan.gateway).report(tool)
    }
    become(real, vector)
  }

  /// Decides what to do about a command where the environment may name a gateway.
  private static func plan(for invocation: ToolInvocation) -> Plan? {
    guard let url = ToolSurroundings.process.nonEmpty("MIRROR_GATEWAY") else { return nil }
    if let gateway = GatewayAddress(url) { return decide(invocation, gateway) }
    if invocation.redirected() != nil {
      MissingGateway.unreadable(in: "MIRROR_GATEWAY").report(invocation.tool)
    }
    return nil
  }

  /// Decides what to do about a command; nil if it is to be left alone.
  ///
  /// Whether the gateway is there is asked by whoever follows the plan.
  ///
  /// - Parameter vector: the name and the arguments.
  package static func plan(
    for tool: String, vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
    at gateway: GatewayAddress
  ) -> Plan? {
    ToolInvocation(tool, vector: vector).flatMap { decide($0, gateway) }
  }

  /// What to do about one command whose URLs are redirected.
  package struct Plan {
    fileprivate let gateway: GatewayAddress
    fileprivate let arguments: [String]

    /// Becomes the tool, pointed at the gateway.
    package func follow(
      with tool: RealTool, calledAs name: UnsafeMutablePointer<CChar>?
    ) -> Never {
      setEnvironment()
      become(tool, vector(calledAs: name))
    }

    /// Points the tool at the gateway.
    private func setEnvironment() {
      setenv("http_proxy", gateway.proxyURL, 1)
      for name in ["no_proxy", "NO_PROXY"] {
        let entries = ToolSurroundings.process.variable(name)?.split { $0 == "," || $0 == " " }
        if entries?.contains("*") == true { unsetenv(name) }
      }
    }

    /// Makes the argument vector; it lives as long as the process.
    private func vector(
      calledAs name: UnsafeMutablePointer<CChar>?
    )
      -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    {
      let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: arguments.count + 2)
      vector[0] = name
      for (index, argument) in arguments.enumerated() { vector[index + 1] = strdup(argument) }
      vector[arguments.count + 1] = nil
      return vector
    }
  }

  /// Decides what to do about a command, or returns nil if it is to be left alone.
  private static func decide(_ invocation: ToolInvocation, _ gateway: GatewayAddress) -> Plan? {
    let surroundings = ToolSurroundings.process
    // Recognition comes first: most calls that fetch nothing end here, without any I/O.
    guard let grammar = CommandGrammar.named(invocation.tool),
      let command = grammar.parse(invocation.arguments),
      !command.urls.isEmpty || command.inputFile != nil,
      let settings = invocation.settings(for: command, surroundings: surroundings)
    else { return nil }

    let redirection = grammar.redirection(for: command, settings: settings, gateway: gateway)
    guard var redirected = RedirectedCommand(command, by: redirection),
      !redirected.hosts.isEmpty || redirected.inputFile != nil
    else { return nil }
    var list: InputList?
    if let slot = redirected.inputFile {
      list = InputList(path: slot.value, by: redirection)
      if list == nil { return nil }
    }
    if invocation.tool == "wget", command.readsNetrc, let home = surroundings.nonEmpty("HOME"),
      let netrc = TextFile.contents(of: home + "/.netrc").map(Netrc.init),
      (redirected.hosts + (list?.hosts ?? [])).contains(where: netrc.mentions)
    {
      return nil
    }
    if let list {
      guard let path = list.handedOn() else { return nil }
      redirected.replaceInputFile(by: path, holding: list.hosts)
    }
    return redirected.hosts.isEmpty
      ? nil : Plan(gateway: gateway, arguments: redirected.arguments)
  }

  /// Becomes a tool, or ends as a shell does that cannot execute it.
  package static func become(
    _ tool: RealTool, _ vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Never {
    execv(tool.path, vector)
    say("mirror-hook: \(tool.path): cannot be executed: \(String(cString: strerror(errno)))")
    exit(126)
  }

  /// Answers a call under the hook's own name.
  private static func explain(_ vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Never
  {
    if let argument = vector[1], strcmp(argument, "--version") == 0 {
      say("mirror-hook \(version)", to: STDOUT_FILENO)
      exit(0)
    }
    say(
      "usage: mirror-hook is called as wget or curl, by symbolic links of these names early on PATH;"
        + " it redirects what they fetch to the Mirror gateway and becomes the real tool."
        + " apt calls it as its methods http and https, which Dir::Bin::Methods names")
    exit(64)
  }

  /// Writes a line.
  package static func say(_ line: String, to descriptor: Int32 = STDERR_FILENO) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(descriptor, bytes, bytes.count)
  }
}
