import MirrorCore
internal import NIOCore
internal import NIOPosix

/// A connection that passes without being read: recorded as opaque, or refused.
struct Tunnel: Sendable {
  typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  let policy: TunnelPolicy
  let ledger: any Ledger

  /// Answers the request and carries bytes both ways until either side ends.
  func carry(_ request: TunnelRequest, over client: Connection, isAdmitted: Bool) async {
    // A connection that breaks has nobody left who could be told.
    try? await withTaskCancellationHandler {
      try await client.executeThenClose { inbound, outbound in
        guard isAdmitted else {
          try await outbound.write(
            Self.reply(
              "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=mirror\r\n"))
          return
        }
        ledger.recordOpaque(host: request.host, port: request.port, wasRefused: !policy.isAllowed)
        guard policy.isAllowed else {
          try await outbound.write(
            Self.reply("403 Forbidden", "X-Mirror: opaque connection refused\r\n"))
          return
        }
        let upstream: Connection
        do {
          upstream = try await dial(request)
        } catch {
          try await outbound.write(Self.reply("502 Bad Gateway"))
          return
        }
        try await upstream.executeThenClose { upstreamInbound, upstreamOutbound in
          if request.forwarded == nil, policy.proxy(for: request) == nil {
            try await outbound.write(
              ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
          }
          await withTaskGroup(of: Void.self) { group in
            group.addTask { await Self.pour(inbound, into: upstreamOutbound) }
            group.addTask { await Self.pour(upstreamInbound, into: outbound) }
          }
        }
      }
    } onCancel: {
      client.channel.close(promise: nil)
    }
  }

  private static func pour(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    into outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async {
    do {
      for try await piece in inbound { try await outbound.write(piece) }
    } catch {
      // One side broke; the other is told by its end.
    }
    outbound.finish()
  }

  /// Connects to the host, or to the user's proxy, and says what is to be said first: the plain request,
  /// or our own CONNECT, which the proxy then answers.
  private func dial(_ request: TunnelRequest) async throws -> Connection {
    let proxy = policy.proxy(for: request)
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .channelOption(.allowRemoteHalfClosure, value: true)
    let place = proxy ?? request.place
    let connection = try await bootstrap.connect(
      host: place.address, port: place.effectivePort
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        try Connection(
          wrappingChannelSynchronously: channel,
          configuration: .init(isOutboundHalfClosureEnabled: true))
      }
    }
    let target = "\(request.host):\(request.port)"
    var head: String
    if let forwarded = request.forwarded {
      head = forwarded.head(toProxy: proxy != nil)
    } else if proxy != nil {
      head = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n"
    } else {
      return connection
    }
    if let login = proxy?.login {
      head += "Proxy-Authorization: \(login.authorization.reveal())\r\n"
    }
    try await connection.channel.writeAndFlush(ByteBuffer(string: head + "\r\n"))
    return connection
  }

  private static func reply(_ status: String, _ headers: String = "") -> ByteBuffer {
    ByteBuffer(
      string: "HTTP/1.1 \(status)\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n")
  }
}

extension TunnelPolicy {
  /// The user's proxy for a tunnel; `nil` for a direct connection.
  func proxy(for request: TunnelRequest) -> Locator? {
    proxies.proxy(for: request.place)
  }
}
