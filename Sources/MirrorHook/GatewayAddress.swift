#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the gateway listens, as `MIRROR_GATEWAY` says: `http://mirror:TOKEN@127.0.0.1:PORT`.
///
/// The token is a secret. It goes from one environment variable to another and nowhere else, so
/// the type has no description.
public struct GatewayAddress: Sendable {
  /// The value for the tools' `http_proxy` variable; holds the token.
  package let proxyURL: String
  /// The IPv4 address, in dotted form.
  package let host: String
  /// The port.
  package let port: UInt16
  /// The name and the token, with a colon between them, where there is one.
  package var login: String? {
    let authority = proxyURL.dropFirst(7).prefix { $0 != "/" }
    return authority.lastIndex(of: "@").map { String(authority[..<$0]) }
  }

  /// Reads a proxy URL; nil if it is not one with an IPv4 address and a port.
  ///
  /// Names are not looked up, except `localhost`.
  public init?(_ proxyURL: String) {
    guard proxyURL.hasPrefix("http://") else { return nil }
    let authority = proxyURL.dropFirst(7).prefix { $0 != "/" }
    let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let parts = hostAndPort.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let port = UInt16(parts[1]), port > 0 else { return nil }
    let host = parts[0] == "localhost" ? "127.0.0.1" : String(parts[0])
    var address = in_addr()
    guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
    self.proxyURL = proxyURL
    self.host = host
    self.port = port
  }

  /// Returns the same gateway with a mark in the login, which it passes on with each question.
  package func marked(_ mark: String) -> GatewayAddress {
    let token = login?.drop { $0 != ":" }.dropFirst() ?? ""
    // A tool leaves out a login without a password.
    let url = "http://mirror+\(mark):\(token.isEmpty ? "-" : token)@\(host):\(port)"
    return GatewayAddress(url) ?? self
  }

  /// What messages call it: the URL without the token.
  package var place: String { "http://\(host):\(port)" }

  /// Returns the URL of a path at the gateway, which is given without a leading slash; holds the token.
  package func url(_ path: String) -> String {
    proxyURL + (proxyURL.hasSuffix("/") ? "" : "/") + path
  }

  /// Tells whether a URL's host and port are the gateway's own.
  package func isNamed(host: Substring, port: Substring?) -> Bool {
    let named = host == self.host || (host == "localhost" && self.host == "127.0.0.1")
    return named && (port.flatMap { UInt16($0) } ?? 80) == self.port
  }

  /// Tells whether something accepts connections at the address, waiting at most one second.
  public func answers() -> Bool {
    guard let descriptor = beginConnecting() else { return false }
    defer { close(descriptor) }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&waiting, 1, 1000) == 1 else { return false }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
  }

  /// Begins to connect, without waiting; nil if there is nobody.
  ///
  /// - Returns: a socket that does not block, which can be written to once it is connected.
  package func beginConnecting() -> Int32? {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return nil }
    Self.watch(descriptor)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    if fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0, inet_pton(AF_INET, host, &address.sin_addr) == 1
    {
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      if connected == 0 || errno == EINPROGRESS { return descriptor }
    }
    close(descriptor)
    return nil
  }

  /// Has the kernel end a connection whose other machine is gone: the gateway may take hours for an answer, and a
  /// machine that lost its power says nothing (tcp(7)).
  ///
  /// It is asked for a sign of life after a minute; two minutes without any are the end.
  private static func watch(_ descriptor: Int32) {
    let options: [(level: Int32, name: Int32, value: Int32)] = [
      (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60),
      (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 15), (Int32(IPPROTO_TCP), TCP_KEEPCNT, 4),
      (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 120_000),
    ]
    for var option in options {
      setsockopt(
        descriptor, option.level, option.name, &option.value,
        socklen_t(MemoryLayout<Int32>.size))
    }
  }
}
