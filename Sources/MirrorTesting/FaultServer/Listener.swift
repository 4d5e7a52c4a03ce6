internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Accepts connections and gives each the channel handlers of a ``FaultServer``.
struct Listener {
  var state: Watched<ServerState>
  var certificate: TestCertificate?

  /// Binds a free port on 127.0.0.1.
  func start() async throws -> any Channel {
    let tls = try certificate.map(Self.context)
    let state = state
    return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(SocketEnd())
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(Connection(state: state))
          state.track(channel, in: \.clients)
        }
      }
      .bind(host: "127.0.0.1", port: 0)
      .get()
  }

  private static func context(_ certificate: TestCertificate) throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificatePEM.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(certificate.privateKeyPEM.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.applicationProtocols = ["http/1.1"]
    return try NIOSSLContext(configuration: configuration)
  }
}
