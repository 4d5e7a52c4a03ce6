internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Keeps the request target as it was sent.
///
/// The conversion to HTTPTypes reduces a whole URL, as a proxy is asked for, to its path. This handler
/// stands before it and carries the target over in a field, which no client can set.
final class RequestTarget: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private static let name = "x-mirror-target"

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data) else {
      return context.fireChannelRead(data)
    }
    head.headers.replaceOrAdd(name: Self.name, value: head.uri)
    // The server closes what the client says is to be closed.
    if Self.endsConnection(head.uri) {
      head.headers.replaceOrAdd(name: "connection", value: "close")
    }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  /// Whether a connection ends with the answer to a target: the next plain request of a program that asks us
  /// as its proxy may be one that has to pass unread, which is decided at the start of a connection.
  static func endsConnection(_ target: String) -> Bool {
    !target.hasPrefix("/") && !target.contains(".mirror.invalid")
  }

  /// The target of a request.
  static func of(_ request: HTTPRequest) -> String {
    HTTPField.Name(name).flatMap { request.headerFields[$0] } ?? request.path ?? "/"
  }
}
