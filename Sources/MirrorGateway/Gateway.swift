internal import HummingbirdCore
internal import Logging
public import MirrorCore
internal import NIOCore
internal import NIOPosix

/// The HTTP server that speaks every enabled ecosystem's protocol.
///
/// One listens on loopback for each `mirror run`; a shared one serves a team. It answers paths such as
/// `/pip/simple/` and, as a proxy, whole URLs; it passes tunnels that policy allows. With a token it
/// answers only who shows it, so that other users of the machine cannot use it.
public struct Gateway: Sendable {
  private let resolvers: [any MirrorCore.Resolver]
  private let courier: Courier
  private let ledger: any Ledger
  private let frozen: Lockfile?
  private let tunnels: TunnelPolicy
  private let surroundings: Surroundings
  /// How long a connection may be open without a request: a shared gateway has only so many files.
  package var idleLimit = Duration.seconds(300)

  /// Creates a gateway.
  ///
  /// - Parameters:
  ///   - resolvers: the ecosystems, in the order in which they are offered a whole URL.
  ///   - frozen: the lock, when look-ups that may change are answered from it alone.
  ///   - surroundings: what answers that are made here have at hand.
  public init(
    resolvers: [any MirrorCore.Resolver], courier: Courier, ledger: any Ledger, frozen: Lockfile?,
    tunnels: TunnelPolicy, surroundings: Surroundings = Surroundings(environment: [:])
  ) {
    self.resolvers = resolvers
    self.courier = courier
    self.ledger = ledger
    self.frozen = frozen
    self.tunnels = tunnels
    self.surroundings = surroundings
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameters:
  ///   - port: 0 for any free port.
  ///   - onListening: called once, when connections are accepted.
  /// - Throws: `misconfigured` when the address cannot be listened on.
  public func run(
    host: String = "127.0.0.1", port: Int = 0, token: Secret?,
    onListening: @escaping @Sendable (GatewayAddress) async -> Void
  ) async throws(MirrorError) {
    let responder = Responder(
      resolvers: resolvers, courier: courier, ledger: ledger, frozen: frozen,
      doorkeeper: Doorkeeper(token: token), surroundings: surroundings)
    let channel = GatewayChannel(
      responder: responder, tunnel: Tunnel(policy: tunnels, ledger: ledger),
      doorkeeper: responder.doorkeeper, idleLimit: TimeAmount(idleLimit))
    var logger = Logger(label: "mirror.gateway")
    logger.logLevel = .critical
    let server = Server(
      childChannelSetup: channel,
      // A wrapped tool goes on without a gateway that accepts no connection for a second; of a few hundred
      // that begin at once each has two.
      configuration: .init(address: .hostname(host, port: port), backlog: 4096),
      onServerRunning: { channel in
        await onListening(
          GatewayAddress(host: host, port: channel.localAddress?.port ?? port, token: token))
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    do {
      try await server.run()
    } catch {
      throw MirrorError(
        .misconfigured, "cannot listen on \(host):\(port): \(error); choose another with --listen",
        underlying: error)
    }
  }
}
