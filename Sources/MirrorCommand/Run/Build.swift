internal import Glibc
import MirrorCore
import MirrorGateway

/// One build: the gateway, the command in its environment, and the transfers between them.
struct Build {
  let command: [String]
  let session: Session
  let toolbox: Toolbox
  let keepsCaches: Bool

  /// Runs the command behind a gateway of its own.
  ///
  /// - Returns: the command's exit code.
  /// - Throws: `misconfigured` when gateway or command cannot be started.
  func run() async throws(MirrorError) -> Int32 {
    let (addresses, announce) = AsyncStream<GatewayAddress>.makeStream()
    async let carrying: Void = session.courier.run()
    async let serving = serve(announce)
    guard let address = await addresses.first(where: { _ in true }) else {
      throw await serving ?? MirrorError(.misconfigured, "the gateway did not start")
    }
    let environment = try environment(for: address)
    for gap in environment.gaps { toolbox.console.say(gap) }
    let status = try await ChildProcess(command: command, environment: environment.variables).run()
    // What a good build asked for is brought in to the end, even if nobody waited for it.
    if status == 0 {
      session.courier.finish()
      await carrying
    }
    return status
  }

  private func serve(_ announce: AsyncStream<GatewayAddress>.Continuation) async -> MirrorError? {
    defer { announce.finish() }
    do throws(MirrorError) {
      try await session.gateway(toolbox).run(token: .random()) { announce.yield($0) }
      return nil
    } catch {
      return error
    }
  }

  private func environment(for address: GatewayAddress) throws(MirrorError) -> BuildEnvironment {
    let scratch = session.folder.scratchPath
    let redirections = toolbox.resolvers.map {
      $0.redirection(to: address, in: session.surroundings, scratch: scratch)
    }
    let wrappers = try session.folder.layWrappers(
      for: redirections.flatMap(\.wrappers), program: WrapperProgram.path)
    return BuildEnvironment(
      from: toolbox.environment, gateway: address, redirections: redirections,
      wrappers: wrappers, keepsCaches: keepsCaches)
  }
}

/// The program that wrappers are links to.
enum WrapperProgram {
  /// `mirror-hook` beside this program; this program itself, which starts slower, where it is missing.
  static var path: String {
    let own = ownPath ?? CommandLine.arguments[0]
    let folder = own.lastIndex(of: "/").map { own[...$0] } ?? ""
    let hook = "\(folder)mirror-hook"
    return access(hook, X_OK) == 0 ? hook : own
  }

  private static var ownPath: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}

extension Secret {
  /// A token nobody can guess: 128 random bits.
  static func random() -> Secret {
    var generator = SystemRandomNumberGenerator()
    return Secret(
      (0..<2).map { _ in String(generator.next() | 1 << 63, radix: 36) }.joined())
  }
}

extension Session {
  /// The gateway of this session.
  func gateway(_ toolbox: Toolbox) -> Gateway {
    let passes = !policy.isFrozen && configuration.passesOpaque
    return Gateway(
      resolvers: toolbox.resolvers, courier: courier, ledger: ledger, frozen: frozen,
      tunnels: TunnelPolicy(
        isAllowed: passes, proxies: ProxySettings(environment: toolbox.environment)))
  }
}
