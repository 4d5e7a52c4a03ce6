internal import NIOCore
internal import NIOHTTP1

/// Asks a proxy for a plain URL as proxies expect it: the whole URL on the request line (RFC 9112, 3.2.2).
///
/// The client library would open a tunnel even for plain `http`, which proxies commonly refuse for any
/// port but 443. So the request is addressed to the proxy, carries its real target in a field, and this
/// handler puts that target where it belongs before the head is encoded.
final class AbsoluteForm: ChannelOutboundHandler, Sendable {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  /// The field that carries the target; it never leaves the process.
  static let field = "x-mirror-target"

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data),
      let target = head.headers.first(name: Self.field)
    else { return context.write(data, promise: promise) }
    head.uri = target
    head.headers.remove(name: Self.field)
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  /// Puts the handler into a connection of the client.
  static func install(in channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandler(AbsoluteForm(), position: .after(encoder))
    }
  }
}
