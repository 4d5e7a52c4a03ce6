internal import NIOCore
internal import NIOPosix

/// The far end of a `CONNECT`: hands everything that arrives to the client.
final class Tunnel: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: any Channel

  private init(client: any Channel) {
    self.client = client
  }

  /// Connects to an address on the client's own event loop.
  static func open(
    to host: String, port: Int, for client: any Channel, state: Watched<ServerState>
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: client.eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // Nothing is read before the client has been told that the tunnel is there.
      .channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(SocketEnd(), Tunnel(client: client))
          state.track(channel, in: \.tunnelEnds)
        }
      }
      .connect(host: host, port: port)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    let client = client
    client.writeAndFlush(ByteBuffer()).whenComplete { _ in client.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
