internal import NIOCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Closes the socket underneath everything else in the channel.
///
/// It stands before the TLS handler, which would otherwise say goodbye to the client first.
final class SocketEnd: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let hangUp = event as? FaultAnswer.HangUp else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    if hangUp == .reset {
      // With a linger time of 0 the kernel answers close() with RST.
      let provider = context.channel as? any SocketOptionProvider
      _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    context.close(mode: .all, promise: promise)
  }
}
