internal import NIOCore
internal import NIOHTTP1

/// Puts the target of a request on its first line exactly as it was written.
///
/// The client library re-encodes paths, so that a signed URL breaks, and asks a proxy for a tunnel even
/// where the URL is plain `http`, which proxies commonly refuse for any port but 443. So the target is
/// carried in a field, and this handler puts it where it belongs before the head is encoded: the path for
/// a server, the whole URL for a proxy (RFC 9112, 3.2).
final class RequestLine: ChannelOutboundHandler, Sendable {
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
      try pipeline.addHandler(RequestLine(), position: .after(encoder))
    }
  }
}
