import MirrorHook

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program that SONiC's hooks become, when a build folder has a seat for it.
///
/// It points the tool at the gateway and becomes it; or it has no part in the call, and becomes SONiC's
/// own hook of that name, which goes on as it always did. It downloads nothing, starts no thread and
/// keeps no process.
package struct Wrapper {
  /// SONiC's folder in every container.
  package static let defaultRoot = "/usr/local/share/buildinfo"
  /// The variable that tells a hook that this very process has asked us already.
  package static let visited = "MIRROR_SEAT_PID"
  /// The tools that have a wrapper.
  package static let tools = [
    "apt", "apt-get", "curl", "dpkg", "git", "go", "pip", "pip2", "pip3", "wget",
  ]

  private typealias Vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  private let tool: String
  private let vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let root: String
  private let surroundings = ToolSurroundings.process

  /// Runs the wrapper: as the tool whose name it was called by, or as the one its first argument names.
  package static func run(
    vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Never {
    let calledAs = vector[0].map { String(cString: $0) } ?? ""
    if tools.contains(RealTool.name(calledAs: calledAs)) {
      Wrapper(tool: RealTool.name(calledAs: calledAs), vector: vector).run()
    }
    let word = vector[1].map { String(cString: $0) } ?? ""
    if tools.contains(word) { Wrapper(tool: word, vector: vector + 1).run() }
    // apt's acquire method, by the names of what it stands in for.
    if Hook.isMethod(word) { Hook.run(as: word, vector: vector + 1) }
    if word == "--version" {
      Hook.say("sonic-hook \(Hook.version)", to: STDOUT_FILENO)
      exit(0)
    }
    Hook.say("usage: sonic-hook TOOL ARGUMENTS…, TOOL one of \(tools.joined(separator: ", "))")
    exit(64)
  }

  private init(tool: String, vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    self.tool = tool
    self.vector = vector
    root = Self.root(ofProgram: "/proc/self/exe")
  }

  /// The folder that a program `ROOT/mirror/bin/ARCH/sonic-hook` belongs to.
  private static func root(ofProgram path: String) -> String {
    guard let resolved = realpath(path, nil) else { return defaultRoot }
    defer { free(resolved) }
    let words = String(cString: resolved).split(separator: "/")
    guard words.count > 4, words[words.count - 4] == "mirror" else { return defaultRoot }
    return words.dropLast(4).reduce(into: "") { $0 += "/\($1)" }
  }

  // MARK: One call

  private func run() -> Never {
    guard
      let real = RealTool.find(
        tool, path: surroundings.variable("PATH"), passingBy: "\(root)/hooks")
    else {
      // SONiC's hook would find itself here, for ever.
      Hook.say("\(tool): not found on PATH (other than the build's own hooks)")
      exit(127)
    }
    // What a hook around this call exported names that hook's tool.
    unsetenv("REAL_COMMAND")
    guard let seat = TextFile.contents(of: "\(root)/mirror/seat").map({ Seat($0) }) else {
      stepAside(real)
    }
    let words = ToolInvocation(tool, vector: vector)?.arguments
    let command = words.map { PackageCommand(tool, $0) }
    // What cannot be read may be an installation.
    let effect = command?.effect ?? (isApt ? .installs : .none)
    // Most calls fetch nothing, and need no gateway.
    let mayFetch =
      !(isApt && effect == .removes) && !(words.map { LocalCommand.recognises(tool, $0) } ?? false)
    guard let (url, gateway) = gateway(of: seat, isAsked: mayFetch) else { stepAside(real) }
    if tool == "dpkg" { runDpkg(real, effect) }
    if isApt, effect == .removes { stepAside(real) }
    setenv("MIRROR_GATEWAY", url, 1)
    if seat.isRequired { setenv(MissingGateway.requirement, "yes", 1) }
    if tool == "wget" || tool == "curl" {
      leave()
      let shown = settings.skipsPins ? gateway.marked(BuildSettings.unpinned) : gateway
      // What is not redirected is the tool's own: SONiC's hook would fetch it twice, TLS off.
      Hook.plan(for: tool, vector: vector, at: shown)?.follow(with: real, calledAs: vector[0])
      Hook.become(real, vector)
    }
    let caller = CallerSettings(surroundings.variable)
    let variables = seat.environment(for: url)
    let aptOptions = isApt ? caller.aptOptions(beside: variables, read: TextFile.contents) : []
    for (name, value) in caller.joined(variables) {
      if let value { setenv(name, value, 1) } else { unsetenv(name) }
    }
    if isApt, effect == .installs {
      check("deb", words, isStrict: seat.isStrict) { command?.unpinned(in: $0) ?? [] }
      waitForOthers()
    }
    leave()
    if isPip, let arguments = constrained(words, real, seat) { become(real, arguments) }
    Hook.become(real, aptOptions.isEmpty ? vector : inserting(aptOptions))
  }

  /// The gateway of this call; `nil` when there is none and the tool may go on without.
  ///
  /// - Parameter isAsked: whether the call needs it to be there.
  private func gateway(
    of seat: Seat, isAsked: Bool
  ) -> (url: String, address: GatewayAddress)? {
    let file = "\(root)/mirror/seat"
    let named = surroundings.nonEmpty("MIRROR_GATEWAY")
    var missing: MissingGateway
    if let url = named ?? seat.gateway {
      if let gateway = GatewayAddress(url) {
        if !isAsked || gateway.answers() { return (url, gateway) }
        missing = .silent(gateway)
      } else {
        missing = .unreadable(in: named == nil ? file : "MIRROR_GATEWAY")
      }
    } else {
      missing = .unnamed(in: file)
    }
    if isAsked { missing.report(tool, isRequired: seat.isRequired) }
    return nil
  }

  private var isApt: Bool { tool == "apt" || tool == "apt-get" }
  private var isPip: Bool { tool == "pip" || tool == "pip2" || tool == "pip3" }

  /// Takes away what is only between the hooks and us.
  private func leave() {
    for name in [Self.visited, "APT_REAL_COMMAND"] { unsetenv(name) }
  }

  /// Becomes SONiC's own hook; the real tool where it has none.
  private func stepAside(_ real: RealTool) -> Never {
    let hook = "\(root)/hooks/\(tool)"
    if tool == "apt" || tool == "apt-get" || tool == "dpkg", LeftLock().clear() {
      Hook.say("mirror: removed /tmp/.dpkg_installation.lock, which somebody left behind")
    }
    guard tool != "go", access(hook, X_OK) == 0 else {
      leave()
      Hook.become(real, vector)
    }
    setenv(Self.visited, String(getpid()), 1)
    execv(hook, vector)
    unsetenv(Self.visited)
    Hook.become(real, vector)
  }

  // MARK: apt and dpkg

  private func runDpkg(_ real: RealTool, _ effect: PackageCommand.Effect) -> Never {
    if effect != .none { waitForOthers() }
    leave()
    Hook.become(real, vector)
  }

  /// Waits for dpkg's lock, so that parallel targets install one after the other.
  private func waitForOthers() {
    // Whoever started us has it for us, and waits in its turn (dpkg(1)).
    if surroundings.variable("DPKG_FRONTEND_LOCKED") != nil { return }
    let folder = tool == "dpkg" ? surroundings.nonEmpty("DPKG_ADMINDIR") : nil
    let lock = folder.map { FrontendLock(path: FrontendLock.path(in: $0)) } ?? FrontendLock()
    let outcome = lock.take {
      Hook.say("mirror: \(tool) waits for another one to finish with dpkg")
    }
    guard outcome == .busy else { return }
    Hook.say(
      "mirror: \(tool): dpkg's lock was held for ten minutes; see who holds it: fuser -v \(lock.path)"
    )
    exit(100)
  }

  // MARK: Lists

  /// Says what is asked for and not listed; where the build is strict, that is the end.
  private func check(
    _ type: String, _ words: [String]?, isStrict: Bool, _ unpinned: (String) -> [String]
  ) {
    guard settings.controls(type) else { return }
    guard words != nil else {
      let finding =
        "mirror: \(tool): an argument is not UTF-8, so versions-\(type) does not count for it"
      guard isStrict else { return Hook.say(finding) }
      Hook.say("\(finding), and the build is strict")
      exit(20)
    }
    // Without a list nothing is held to one; a strict build has to have it.
    guard let list = TextFile.contents(of: list(type)) ?? (isStrict ? "" : nil) else { return }
    let names = unpinned(list)
    guard !names.isEmpty else { return }
    let finding =
      "mirror: \(tool): versions-\(type) has no version of \(names.joined(separator: ", "))"
    guard isStrict else { return Hook.say(finding) }
    Hook.say("\(finding), and the build is strict; list it, or say its version in the command")
    exit(20)
  }

  private func list(_ type: String) -> String { "\(root)/versions/versions-\(type)" }

  // MARK: pip

  /// The arguments with the constraints of SONiC's list; nil when the command is not held to one.
  private func constrained(
    _ words: [String]?, _ real: RealTool, _ seat: Seat
  ) -> [String]? {
    let command = PipCommand(words ?? [])
    guard words == nil || command.takesConstraints else { return nil }
    let type = isPython2(real) ? "py2" : "py3"
    guard settings.controls(type) else { return nil }
    check(type, words, isStrict: seat.isStrict) { list in
      command.unpinned(in: list) { TextFile.contents(of: $0) }
    }
    guard var arguments = words else { return nil }
    if command.subcommand == "install", !command.choosesIsolation {
      arguments.append("--no-build-isolation")
    }
    if !command.isConstrained, let list = TextFile.contents(of: list(type)) {
      let text = command.constraints(from: list) { TextFile.contents(of: $0) }
      guard
        let path = UnnamedFile.path(
          holding: Array(text.utf8), servesChildren: command.startsOtherPython)
      else {
        Hook.say(
          "mirror: \(tool): the constraints cannot be written to \(surroundings.nonEmpty("TMPDIR") ?? "/tmp"), and unpinned it must not run"
        )
        exit(25)
      }
      arguments += ["-c", path]
    }
    return arguments
  }

  private func isPython2(_ real: RealTool) -> Bool {
    if tool != "pip" { return tool == "pip2" }
    let text = TextFile.contents(of: real.path) ?? ""
    return PythonScript(text, path: surroundings.variable("PATH")).isPython2
  }

  /// The variables of the environment, where SONiC's configuration was sourced; else the file, as data.
  private var settings: BuildSettings {
    if surroundings.variable("SONIC_VERSION_CONTROL_COMPONENTS") != nil {
      return BuildSettings(surroundings.variable)
    }
    let file = TextFile.contents(of: "\(root)/config/buildinfo.config").map { ShellSettings($0) }
    return BuildSettings { surroundings.variable($0) ?? file?[$0] }
  }

  /// The arguments as they came, with others before them.
  private func inserting(_ options: [String]) -> Vector {
    var count = 0
    while vector[count] != nil { count += 1 }
    let all = Vector.allocate(capacity: count + options.count + 1)
    all[0] = vector[0]
    for (index, option) in options.enumerated() { all[index + 1] = strdup(option) }
    for index in 1...max(1, count) { all[index + options.count] = vector[index] }
    return all
  }

  private func become(_ real: RealTool, _ arguments: [String]) -> Never {
    let all = Vector.allocate(capacity: arguments.count + 2)
    all[0] = vector[0]
    for (index, argument) in arguments.enumerated() { all[index + 1] = strdup(argument) }
    all[arguments.count + 1] = nil
    Hook.become(real, all)
  }
}
