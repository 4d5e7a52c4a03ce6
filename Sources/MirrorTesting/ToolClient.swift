internal import NIOCore
internal import NIOPosix

/// A tool as a server sees it: asks one thing on a connection of its own and keeps every byte.
public struct ToolClient: Sendable {
  /// What came back.
  public struct Answer: Sendable {
    /// The HTTP status; 0 when there was no head.
    public var status: Int
    /// The header fields, by lower-case name.
    public var headers: [String: String]
    /// The body, without the framing of chunks.
    public var body: [UInt8]
    /// Whether all of the body came that was announced.
    public var isComplete: Bool
  }

  private let port: Int

  /// A client of the server on that loopback port.
  public init(port: Int) { self.port = port }

  /// Asks for a target and reads until the server closes the connection.
  ///
  /// - Parameters:
  ///   - target: a path, or a whole URL as a proxy is asked for.
  ///   - headers: further header lines, such as `Range: bytes=0-3`.
  /// - Throws: what the network throws before any byte came.
  public func ask(
    _ target: String, method: String = "GET", headers: [String] = []
  ) async throws -> Answer {
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    let lines = ["\(method) \(target) HTTP/1.1", "Host: test", "Connection: close"] + headers
    try await channel.writeAndFlush(
      ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
    var bytes: [UInt8] = []
    for await piece in stream { bytes += piece }
    return Self.read(bytes, isHead: method == "HEAD")
  }

  private static func read(_ bytes: [UInt8], isHead: Bool) -> Answer {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      return Answer(status: 0, headers: [:], body: [], isComplete: false)
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    let rest = Array(bytes[end.upperBound...])
    if isHead || status == 204 || status == 304 {
      return Answer(status: status, headers: headers, body: rest, isComplete: rest.isEmpty)
    }
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      let (body, isComplete) = joinChunks(rest)
      return Answer(status: status, headers: headers, body: body, isComplete: isComplete)
    }
    let announced = headers["content-length"].flatMap { Int($0) }
    return Answer(
      status: status, headers: headers, body: rest, isComplete: announced == rest.count)
  }

  private static func joinChunks(_ bytes: [UInt8]) -> ([UInt8], isComplete: Bool) {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let end = rest.firstRange(of: Array("\r\n".utf8)),
      let count = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16)
    {
      if count == 0 { return (body, true) }
      rest = rest[end.upperBound...]
      guard rest.count >= count + 2 else { return (body + rest, false) }
      body += rest.prefix(count)
      rest = rest.dropFirst(count + 2)
    }
    return (body, false)
  }
}

private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let continuation: AsyncStream<[UInt8]>.Continuation

  init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
  }

  func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    continuation.finish()
    context.close(promise: nil)
  }
}
