internal import NIOCore

/// An HTTP server on the loopback interface that breaks on command.
///
/// It plays upstreams, mirrors and proxies in tests: what it does with each request is a scripted
/// ``FaultAnswer``, and what it was asked is kept as ``SeenRequest``s.
///
/// ```swift
/// try await FaultServer.run { server in
///   server.script("/a.deb", .truncated(bytes, after: 100, etag: "v1"), .file(bytes, etag: "v1"))
///   try await download(server.url + "/a.deb")
///   #expect(server.requests(to: "/a.deb").last?.headers["range"] == "bytes=100-")
/// }
/// ```
public final class FaultServer: Sendable {
  /// The port on 127.0.0.1.
  public let port: Int

  /// `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS; no slash at the end.
  public let url: String

  private let listener: any Channel
  private let state: Watched<ServerState>

  private init(listener: any Channel, port: Int, url: String, state: Watched<ServerState>) {
    self.listener = listener
    self.port = port
    self.url = url
    self.state = state
  }

  /// Runs a server on a free port for as long as the closure runs, then closes every connection.
  ///
  /// - Parameters:
  ///   - certificate: What the server shows to TLS clients; nil for plain HTTP.
  ///   - body: The test.
  public static func run<R>(
    tls certificate: TestCertificate? = nil, _ body: (FaultServer) async throws -> R
  ) async throws -> R {
    let state = Watched(ServerState())
    let listener = try await Listener(state: state, certificate: certificate).start()
    let port = listener.localAddress?.port ?? 0
    let url = certificate == nil ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)"
    let server = FaultServer(listener: listener, port: port, url: url, state: state)
    do {
      let result = try await body(server)
      await server.shutDown()
      return result
    } catch {
      await server.shutDown()
      throw error
    }
  }

  /// The authority that signed every ``TestCertificate`` but the self-signed one.
  public static var certificateAuthorityPEM: String { CertificateFixtures.authority }

  /// Sets what successive requests for a path get; the last answer repeats.
  ///
  /// Every request takes one answer, whatever its method. A script replaces the one before.
  ///
  /// - Parameters:
  ///   - path: The path with its query, or a whole target such as `host:443` or `http://host/a`,
  ///     which goes before the path.
  ///   - answers: The answers in order.
  public func script(_ path: String, _ answers: FaultAnswer...) {
    state.update { $0.scripts[path] = answers.isEmpty ? nil : answers }
  }

  /// Sets what requests get that no script is for; 404 in the beginning.
  public func setDefault(_ answer: FaultAnswer) {
    state.update { $0.defaultAnswer = answer }
  }

  /// Makes the server play an upstream proxy.
  ///
  /// It then answers `CONNECT` by a tunnel to the address asked for, unless that target has a
  /// script; requests with an absolute target are answered from the scripts as ever.
  ///
  /// - Parameter authorization: The value of `Proxy-Authorization` without which either is answered
  ///   407; nil lets everyone in.
  public func allowProxying(authorization: String? = nil) {
    state.update { $0.proxy = ServerState.Proxy(authorization: authorization) }
  }

  /// All requests so far, in order of arrival.
  public var requests: [SeenRequest] { state.value.requests }

  /// The requests so far for a path or whole target, in order of arrival.
  public func requests(to path: String) -> [SeenRequest] {
    requests.filter { $0.isTo(path) }
  }

  /// Waits until a path has been asked for this many times, and returns the requests for it.
  ///
  /// It returns early when the task is cancelled.
  @discardableResult
  public func waitForRequests(_ count: Int, to path: String) async -> [SeenRequest] {
    await state.wait { state in state.requests.count { $0.isTo(path) } >= count }
    return requests(to: path)
  }

  /// The number of clients that are connected now.
  public var openConnections: Int { state.value.clients.count }

  /// Waits until no more than this many clients are connected, or the task is cancelled.
  ///
  /// This is how a test learns that a client has hung up.
  public func waitForOpenConnections(atMost count: Int) async {
    await state.wait { $0.clients.count <= count }
  }

  /// Returns a loopback URL that refuses connections.
  ///
  /// The port stays bound, without listening, until the process ends: nothing else can take it.
  public static func refusedURL() throws -> String {
    "http://127.0.0.1:\(try RefusedPort.reserve())"
  }

  private func shutDown() async {
    // Only a channel that is closed already fails to close.
    try? await listener.close().get()
    let channels = state.update { state in
      state.isStopping = true
      return Array(state.clients.values) + Array(state.tunnelEnds.values)
    }
    for channel in channels {
      channel.triggerUserOutboundEvent(FaultAnswer.HangUp.abrupt, promise: nil)
    }
    for channel in channels { try? await channel.closeFuture.get() }
  }
}
