internal import AsyncHTTPClient
import MirrorCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
import Synchronization

/// The connections of one transport: a client for direct connections, and one for each proxy.
final class ClientPool: Sendable {
  private let proxies: ProxySettings
  private let patience: Patience
  private let tls: TLSConfiguration
  private let state = Mutex(State())

  private struct State {
    var clients: [String: HTTPClient] = [:]
    var isClosed = false
  }

  /// - Throws: `misconfigured` when the extra CA file cannot be read.
  init(
    proxies: ProxySettings, patience: Patience, certificateAuthorities path: String?
  ) throws(MirrorError) {
    self.proxies = proxies
    self.patience = patience
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let path {
      do {
        tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
      } catch {
        throw MirrorError(
          .misconfigured, "ca-file \(path): holds no readable PEM certificates", underlying: error)
      }
    }
    self.tls = tls
  }

  /// How a URL is asked for: by which client, and with what on the request line.
  struct Route {
    var client: HTTPClient
    var request: HTTPClientRequest
  }

  /// The way to a URL: direct, through a tunnel of the user's proxy, or by asking that proxy for it.
  func route(to locator: Locator) -> Route {
    let proxy = proxies.proxy(for: locator)
    if let proxy, locator.scheme == "http", proxy.scheme == "http" {
      var request = Self.request(to: proxy.endpoint, target: locator.url, host: locator)
      if let login = proxy.login {
        request.headers.add(name: "Proxy-Authorization", value: login.authorization.reveal())
      }
      return Route(client: client(through: nil), request: request)
    }
    let request = Self.request(to: locator.endpoint, target: locator.target, host: locator)
    return Route(client: client(through: proxy), request: request)
  }

  private static func request(
    to endpoint: String, target: String, host: Locator
  ) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: endpoint + "/")
    request.headers.add(name: "Host", value: host.authority)
    request.headers.add(name: RequestLine.field, value: target)
    return request
  }

  private func client(through proxy: Locator?) -> HTTPClient {
    state.withLock { state in
      // One that is closed refuses every request, which is what is wanted then.
      client(of: state.isClosed ? nil : proxy, &state)
    }
  }

  private func client(of proxy: Locator?, _ state: inout State) -> HTTPClient {
    let key = proxy?.endpoint ?? ""
    if let client = state.clients[key] { return client }
    let client = HTTPClient(configuration: configuration(proxy))
    state.clients[key] = client
    return client
  }

  /// Closes every connection, for good.
  func shutDown() async {
    let all = state.withLock { state in
      guard !state.isClosed else { return [HTTPClient]() }
      _ = client(of: nil, &state)
      state.isClosed = true
      return Array(state.clients.values)
    }
    // What is left to say about a connection that would not close helps nobody.
    for client in all { try? await client.shutdown() }
  }

  private func configuration(_ proxy: Locator?) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.http1_1ConnectionDebugInitializer = { RequestLine.install(in: $0) }
    configuration.timeout = .init(
      connect: TimeAmount(patience.connect), read: TimeAmount(patience.stall))
    configuration.connectionPool.retryConnectionEstablishment = false
    // Waiting for a connection would count as the server's silence; the tools themselves bound how
    // much they ask for at once.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
    if let proxy, proxy.scheme.hasPrefix("socks") {
      configuration.proxy = .socksServer(host: proxy.address, port: proxy.port ?? 1080)
    } else if let proxy {
      configuration.proxy = .server(
        host: proxy.address, port: proxy.effectivePort,
        authorization: proxy.login.map { .basic(credentials: Base64.encode($0.reveal().utf8)) })
    }
    return configuration
  }
}
