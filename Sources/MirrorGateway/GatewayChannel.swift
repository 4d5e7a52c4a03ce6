internal import HummingbirdCore
internal import Logging
import MirrorCore
internal import NIOCore
internal import NIOHTTPTypes

/// One client's connection: HTTP, or a tunnel when it begins with CONNECT.
struct GatewayChannel: ServerChildChannel {
  /// What a connection turned out to be.
  enum Opening: Sendable {
    case http(HTTP1Channel.Value)
    case tunnel(TunnelRequest, NIOAsyncChannel<ByteBuffer, ByteBuffer>)
  }

  /// A connection whose first bytes are awaited.
  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let opening: EventLoopFuture<Opening>
  }

  private let http: HTTP1Channel
  private let tunnel: Tunnel
  private let doorkeeper: Doorkeeper
  private let idleLimit: TimeAmount

  init(responder: Responder, tunnel: Tunnel, doorkeeper: Doorkeeper, idleLimit: TimeAmount) {
    http = HTTP1Channel(
      responder: { request, writer, channel in
        try await responder.respond(
          to: request, with: writer, on: EventLoopExecutor(channel.eventLoop))
      }, configuration: .init(idleTimeout: idleLimit))
    self.tunnel = tunnel
    self.doorkeeper = doorkeeper
    self.idleLimit = idleLimit
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let promise = channel.eventLoop.makePromise(of: Opening.self)
    return channel.eventLoop.makeCompletedFuture {
      let http = self.http
      try channel.pipeline.syncOperations.addHandler(
        ConnectionSniffer(opening: promise, within: idleLimit) {
          http.setup(channel: channel, logger: logger)
        })
      return Value(channel: channel, opening: promise.futureResult)
    }
  }

  func handle(value: Value, logger: Logger) async {
    let opening = try? await withTaskCancellationHandler {
      try await value.opening.get()
    } onCancel: {
      value.channel.close(promise: nil)
    }
    switch opening {
    case .http(let channel):
      // On the connection's own event loop no request waits for another thread to wake up.
      await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
        await http.handle(value: channel, logger: logger)
      }
    case .tunnel(let request, let channel):
      await tunnel.carry(
        request, over: channel,
        isAdmitted: doorkeeper.visitor(shownIn: [request.authorization]) != nil)
    case nil: break
    }
  }
}
