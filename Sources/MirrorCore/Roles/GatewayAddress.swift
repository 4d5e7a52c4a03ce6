/// Where a gateway listens, and the token that it asks for.
public struct GatewayAddress: Hashable, Sendable {
  /// The host, an address or a name.
  public let host: String
  /// The port.
  public let port: Int
  /// What a client has to show; `nil` for a gateway that is open to its network.
  public let token: Secret?

  /// Host and port as a URL has them: an IPv6 address in brackets.
  package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// Creates an address.
  public init(host: String, port: Int, token: Secret?) {
    self.host = host
    self.port = port
    self.token = token
  }

  /// Reads the URL that ``url(_:)`` makes; `nil` when it is not one.
  public init?(_ url: String) {
    guard let locator = Locator(url) else { return nil }
    let words = locator.userInfo?.reveal().split(separator: ":", maxSplits: 1) ?? []
    self.init(
      host: locator.address, port: locator.effectivePort,
      token: words.count == 2 ? Secret(String(words[1])) : nil)
  }

  /// A URL at the gateway, the token in its user info: tools take it out of what they print.
  ///
  /// It is meant for the environment of a process, never for its arguments.
  public func url(_ path: String = "") -> String {
    let user = token.map { "mirror:\($0.reveal())@" } ?? ""
    return "http://\(user)\(authority)/\(path)"
  }

  /// A URL at the gateway, the token in its path: for tools that refuse a login on plain HTTP.
  ///
  /// Such a tool may print the URL, so the token is worth no more than the build's own output.
  public func pathURL(_ path: String = "") -> String {
    let token = token.map { "t/\($0.reveal())/" } ?? ""
    return "http://\(authority)/\(token)\(path)"
  }

  /// A URL at the gateway without the token, for tools that can show it in a header.
  public func openURL(_ path: String = "") -> String { "http://\(authority)/\(path)" }

  /// The value of the Authorization header that shows the token (RFC 7617); `nil` without one.
  ///
  /// Like a URL with the token it is meant for the environment of a process, never for its arguments.
  public var authorization: Secret? {
    token.map { Secret("Basic \(Base64.encode("mirror:\($0.reveal())".utf8))") }
  }
}
