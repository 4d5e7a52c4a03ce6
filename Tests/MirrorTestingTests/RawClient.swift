import MirrorTesting
import NIOCore
import NIOPosix
import NIOSSL

/// A connection on which a test writes bytes and reads what comes back.
struct RawClient {
  private let channel: any Channel
  private var incoming: AsyncThrowingStream<[UInt8], any Error>.Iterator
  private var buffer: [UInt8] = []

  init(port: Int, trusting authority: String? = nil) async throws {
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
    let tls = try authority.map { pem in
      var configuration = TLSConfiguration.makeClientConfiguration()
      let roots = try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8))
      configuration.trustRoots = .certificates(roots)
      return try NIOSSLContext(configuration: configuration)
    }
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
          }
          try channel.pipeline.syncOperations.addHandler(Forwarder(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    incoming = stream.makeAsyncIterator()
  }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Reads until the text ends with something.
  mutating func read(until ending: String) async throws -> String {
    while !String(decoding: buffer, as: UTF8.self).hasSuffix(ending),
      let bytes = try await incoming.next(isolation: #isolation)
    {
      buffer += bytes
    }
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Reads until the server closes; throws when it does so with RST.
  mutating func readToEnd() async throws -> String {
    while let bytes = try await incoming.next(isolation: #isolation) { buffer += bytes }
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  func close() async throws {
    try await channel.close()
  }
}

extension RawClient {
  /// Sends one request that asks for the connection to be closed, and reads to the end.
  static func exchange(
    _ server: FaultServer, _ line: String, _ headers: [String] = []
  ) async throws -> Transcript {
    var client = try await RawClient(port: server.port)
    let lines = ["\(line) HTTP/1.1", "Host: test", "Connection: close"] + headers
    try await client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    return Transcript(try await client.readToEnd())
  }
}

/// One response, taken apart.
struct Transcript {
  let status: Int?
  let headers: [String]
  let body: String

  init(_ text: String) {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts[0].split(separator: "\r\n").map(String.init)
    status = lines.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") }
    headers = Array(lines.dropFirst())
    body = parts.count == 2 ? String(parts[1]) : ""
  }
}

private final class Forwarder: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation

  init(_ continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation) {
    self.continuation = continuation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
  }

  func channelInactive(context: ChannelHandlerContext) {
    continuation.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    continuation.finish(throwing: error)
    context.close(promise: nil)
  }
}
