/// The rule that turns a URL into one the gateway answers.
///
/// The scheme becomes a label after the host, and the URL becomes plain http, which a tool sends to
/// its proxy and which the proxy can read: `https://files.example/a` is
/// `http://files.example.https.mirror.invalid/a`. `.invalid` never resolves (RFC 2606), so such a
/// URL cannot leave the machine by another way, and no entry of a no_proxy list matches it.
package struct URLRedirection: Sendable {
  /// What became of one URL.
  package enum Outcome: Sendable, Equatable {
    /// It was redirected; the scheme and the host are the original's.
    case redirected(String, scheme: String, host: String)
    /// It is none of our business and stays as it is.
    case left
    /// It cannot be redirected right, so the whole command must be left alone.
    case declined
  }

  /// The domain that all redirected hosts end with.
  package static let domain = "mirror.invalid"

  /// Whether the tool follows redirects, which is then left to the gateway.
  package var followsRedirects: Bool
  /// The scheme of a URL that has none.
  package var defaultScheme = "http"
  /// Whether a host such as `ftp.files.example` implies another scheme.
  package var guessesScheme: Bool
  /// The gateway itself: URLs that point there stay as they are.
  package var gateway: GatewayAddress?

  package init(
    followsRedirects: Bool, defaultScheme: String = "http", guessesScheme: Bool = false,
    gateway: GatewayAddress? = nil
  ) {
    self.followsRedirects = followsRedirects
    self.defaultScheme = defaultScheme
    self.guessesScheme = guessesScheme
    self.gateway = gateway
  }

  /// Redirects one URL as it was typed.
  package func redirect(_ url: String) -> Outcome {
    var scheme = defaultScheme
    var rest = url[...]
    let typed = Self.scheme(of: url)
    if let typed {
      scheme = typed.lowercased()
      guard scheme == "http" || scheme == "https" else { return .left }
      rest = url[typed.endIndex...].dropFirst(3)
    }
    let authority = Substring(rest.utf8.prefix { !"/?#".utf8.contains($0) })
    let tail = rest[authority.endIndex...]

    guard let (host, port) = Self.hostAndPort(authority) else { return .declined }
    if typed == nil {
      if guessesScheme, Self.impliesOtherScheme(host) { return .declined }
      // wget(1) takes `host:8080/path` as http but `host:path` as ftp.
      if port != nil, let first = tail.utf8.first, first != UInt8(ascii: "/") { return .declined }
    }
    // A default port is left out by the tool, and would come back as the one of the scheme.
    if scheme == "https", port.flatMap({ Int($0) }) == 80 { return .declined }
    if host.lowercased().hasSuffix("." + Self.domain) { return .declined }
    if let gateway, gateway.isNamed(host: host, port: port) { return .left }

    let label = followsRedirects ? scheme : scheme + "-stay"
    let authorityEnd = port.map { ":\($0)" } ?? ""
    return .redirected(
      "http://\(host).\(label).\(Self.domain)\(authorityEnd)\(tail)",
      scheme: scheme, host: String(host))
  }

  /// Returns what precedes `://`, if that can be a scheme (RFC 3986, 3.1).
  private static func scheme(of url: String) -> Substring? {
    let scheme = Substring(
      url.utf8.prefix {
        isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: ".")
      })
    guard !scheme.isEmpty, url[scheme.endIndex...].hasPrefix("://") else { return nil }
    return scheme
  }

  /// Splits an authority; nil if it holds user info, an IPv6 literal, a glob or anything odd.
  private static func hostAndPort(_ authority: Substring) -> (host: Substring, port: Substring?)? {
    var host = authority
    var port: Substring?
    if let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")) {
      host = authority[..<colon]
      let digits = authority[authority.utf8.index(after: colon)...]
      guard digits.utf8.count <= 5, let number = UInt16(digits), number > 0,
        digits.utf8.first != UInt8(ascii: "+")
      else { return nil }
      port = digits
    }
    // The longest label we add makes 26 bytes, and a name has 253 at most (RFC 1035).
    guard !host.isEmpty, host.utf8.count <= 220 else { return nil }
    for label in host.split(separator: ".", omittingEmptySubsequences: false) {
      guard !label.isEmpty,
        label.utf8.allSatisfy({
          isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        })
      else { return nil }
    }
    return (host, port)
  }

  /// Tells whether curl(1) would guess a protocol other than http from the name of the host.
  private static func impliesOtherScheme(_ host: Substring) -> Bool {
    let name = host.lowercased()
    return ["ftp.", "dict.", "ldap.", "imap.", "smtp.", "pop3."].contains { name.hasPrefix($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default:
      false
    }
  }
}
