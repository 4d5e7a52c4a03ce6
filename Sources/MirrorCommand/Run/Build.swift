internal import Glibc
import MirrorCore
import MirrorGateway

/// One build: the gateway, the command in its environment, and the transfers between them.
struct Build {
  let command: [String]
  let session: Session
  let toolbox: Toolbox
  let keepsCaches: Bool
  let recorder: Recorder

  /// Runs the command behind a gateway of its own.
  ///
  /// - Returns: the command's exit code.
  /// - Throws: `misconfigured` when gateway or command cannot be started.
  func run() async throws(MirrorError) -> Int32 {
    let (addresses, announce) = AsyncStream<GatewayAddress>.makeStream()
    let result = await withTaskGroup(
      of: End.self, returning: Result<Int32, MirrorError>.self
    ) { group in
      group.addTask {
        await session.courier.run()
        return .carried
      }
      group.addTask { .served(await serve(announce)) }
      group.addTask {
        await recorder.run()
        return .recorded
      }
      defer { group.cancelAll() }
      guard let address = await addresses.first(where: { _ in true }) else {
        while let end = await group.next() {
          if case .served(let error?) = end { return .failure(error) }
        }
        return .failure(MirrorError(.misconfigured, "the gateway did not start"))
      }
      return await runChild(behind: address, &group)
    }
    return try result.get()
  }

  /// How one of the tasks beside the command ended.
  private enum End: Sendable {
    case carried
    case recorded
    case served(MirrorError?)
    case interrupted(Int32)
  }

  private func runChild(
    behind address: GatewayAddress, _ group: inout TaskGroup<End>
  ) async -> Result<Int32, MirrorError> {
    do throws(MirrorError) {
      let environment = try await environment(for: address)
      let status = try await ChildProcess(
        command: command, environment: environment.variables
      ).run()
      let asked = session.ledger.soFar.asked
      for (ecosystem, gap) in environment.gaps where asked.contains(ecosystem) {
        toolbox.console.say(gap)
      }
      return .success(status == 0 ? await bringIn(&group) : status)
    } catch {
      return .failure(error)
    }
  }

  /// Waits for what a good build asked for and nobody waits for any more, unless a signal ends it.
  private func bringIn(_ group: inout TaskGroup<End>) async -> Int32 {
    session.courier.finish()
    group.addTask { .interrupted(await SignalForwarding().next()) }
    while let end = await group.next() {
      switch end {
      case .carried: return 0
      case .interrupted(let signal): return 128 + signal
      case .served, .recorded: continue
      }
    }
    return 0
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

  private func environment(
    for address: GatewayAddress
  ) async throws(MirrorError) -> BuildEnvironment {
    let scratch = session.folder?.scratchPath ?? session.store.path
    let redirections = await toolbox.redirections(
      to: address, in: session.surroundings, scratch: scratch)
    for (_, redirection) in redirections { try redirection.lay() }
    let wrappers = try session.folder.flatMap { folder throws(MirrorError) in
      try WrapperFolder(at: folder.wrapperPath, for: redirections.flatMap(\.value.wrappers))
    }
    return BuildEnvironment(
      from: toolbox.environment, gateway: address, redirections: redirections,
      wrappers: wrappers, keepsCaches: keepsCaches, isStrict: session.policy.isStrict)
  }
}

extension Redirection {
  /// Lays the files and the links that the tools find by the environment.
  func lay() throws(MirrorError) {
    for (path, text) in files {
      try Self.makeFolder(of: path)
      try Disk.replace(path, with: text.utf8)
    }
    for path in links {
      try Self.makeFolder(of: path)
      try WrapperProgram.link(at: path)
    }
  }

  private static func makeFolder(of path: String) throws(MirrorError) {
    try Disk.makeFolder(Disk.parent(of: path))
  }
}

extension Secret {
  /// A token nobody can guess: 128 random bits.
  static func random() -> Secret {
    Secret((0..<16).map { _ in String(UInt16.random(in: 256...511), radix: 16).suffix(2) }.joined())
  }
}

extension Session {
  /// The gateway of this session.
  func gateway(_ toolbox: Toolbox, passesTunnels: Bool = true) -> Gateway {
    let passes = passesTunnels && !policy.isFrozen && configuration.passesOpaque
    return Gateway(
      resolvers: toolbox.resolvers, courier: courier, ledger: ledger, frozen: frozen,
      tunnels: TunnelPolicy(
        isAllowed: passes, proxies: ProxySettings(environment: toolbox.environment)),
      surroundings: surroundings)
  }
}
