internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTPTypesHTTP1

/// Reads the first head of a connection and decides what the connection is.
///
/// The head of what passes unread is taken out of the stream; everything else is left to the HTTP
/// handlers, which are put behind this one before it removes itself.
final class ConnectionSniffer: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private static let longestHead = 64 * 1024

  private let opening: EventLoopPromise<GatewayChannel.Opening>
  private let setUpHTTP: () -> EventLoopFuture<HTTP1Channel.Value>
  private var seen = ByteBuffer()
  private var isDecided = false
  private let limit: TimeAmount
  private var end: Scheduled<Void>?

  init(
    opening: EventLoopPromise<GatewayChannel.Opening>, within limit: TimeAmount,
    setUpHTTP: @escaping () -> EventLoopFuture<HTTP1Channel.Value>
  ) {
    self.opening = opening
    self.limit = limit
    self.setUpHTTP = setUpHTTP
  }

  func handlerAdded(context: ChannelHandlerContext) {
    end = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDecided else { return context.fireChannelRead(data) }
    var buffer = unwrapInboundIn(data)
    seen.writeBuffer(&buffer)
    guard let end = Self.endOfHead(seen) else {
      if seen.readableBytes > Self.longestHead { context.close(promise: nil) }
      return
    }
    let head = seen.getString(at: seen.readerIndex, length: end) ?? ""
    if let request = TunnelRequest(head: head) {
      seen.moveReaderIndex(forwardBy: end)
      becomeTunnel(context, request)
    } else {
      becomeHTTP(context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isDecided { opening.fail(ChannelError.eof) }
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if !isDecided, case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  private func becomeHTTP(_ context: ChannelHandlerContext) {
    isDecided = true
    // Everything happens on the channel's own event loop, so the set-up is complete when it returns.
    let channel = setUpHTTP()
    seen = Self.encodingTarget(of: seen)
    do {
      let pipeline = context.pipeline.syncOperations
      let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      try pipeline.addHandler(RequestTarget(), position: .before(codec))
    } catch {
      opening.fail(error)
      return context.close(promise: nil)
    }
    channel.map { GatewayChannel.Opening.http($0) }.cascade(to: opening)
    handOver(context)
  }

  private func becomeTunnel(_ context: ChannelHandlerContext, _ request: TunnelRequest) {
    isDecided = true
    do {
      let channel = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
        wrappingChannelSynchronously: context.channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
      opening.succeed(.tunnel(request, channel))
      handOver(context)
    } catch {
      opening.fail(error)
      context.close(promise: nil)
    }
  }

  private func handOver(_ context: ChannelHandlerContext) {
    if seen.readableBytes > 0 {
      context.fireChannelRead(wrapInboundOut(seen))
      context.fireChannelReadComplete()
    }
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  /// The same bytes with a first line that the parser takes: programs send what a person typed, such as `é`,
  /// as it is.
  private static func encodingTarget(of buffer: ByteBuffer) -> ByteBuffer {
    let bytes = buffer.readableBytesView
    let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    guard line.contains(where: { $0 >= 0x80 }) else { return buffer }
    var result = ByteBuffer()
    for byte in line {
      if byte < 0x80 {
        result.writeInteger(byte)
      } else {
        result.writeString("%" + String(byte, radix: 16, uppercase: true))
      }
    }
    result.writeBytes(bytes[line.endIndex...])
    return result
  }

  private static func endOfHead(_ buffer: ByteBuffer) -> Int? {
    let bytes = buffer.readableBytesView
    let end = Array("\r\n\r\n".utf8)
    return bytes.firstRange(of: end).map {
      bytes.distance(from: bytes.startIndex, to: $0.upperBound)
    }
  }
}
