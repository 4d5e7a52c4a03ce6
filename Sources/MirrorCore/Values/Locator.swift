/// A URL that cannot print a secret.
///
/// User info is split off on reading and never comes back in a description; the parameters of
/// signed query strings are left out of the ``identity``. Scheme and host are lower case and a
/// default port is dropped (RFC 3986, 6.2.2 and 6.2.3); path and query stay as they were written,
/// since double slashes, `%2B` against `+` and a bare `?` are all real and all different. A fragment
/// is not part of a request and is dropped.
public struct Locator: Hashable, Sendable, CustomStringConvertible {
  /// The scheme, lower case.
  public let scheme: String
  /// The host, lower case; an IPv6 literal keeps its brackets.
  public let host: String
  /// The port, unless it is the scheme's default.
  public let port: Int?
  /// The path as written; at least `/`.
  public let path: String
  /// What follows the `?`, if there is one.
  public let query: String?
  /// `user:password` as written in the URL.
  public let userInfo: Secret?

  /// Creates a locator from its parts.
  public init(
    scheme: String, host: String, port: Int? = nil, path: String = "/", query: String? = nil,
    userInfo: Secret? = nil
  ) {
    self.scheme = scheme.lowercased()
    self.host = host.lowercased()
    self.port = port == Self.defaultPort(of: self.scheme) ? nil : port
    self.path = path.isEmpty ? "/" : path
    self.query = query
    self.userInfo = userInfo
  }

  /// Reads an absolute URL; `nil` when the text is not one.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
      let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://")
    else { return nil }
    let scheme = text[..<colon]
    guard let first = scheme.utf8.first, (first | 0x20) >= 0x61, (first | 0x20) <= 0x7A else {
      return nil
    }
    var rest = text[colon...].dropFirst(3)
    if let hash = rest.utf8.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<hash] }
    let authorityEnd =
      rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    var authority = rest[..<authorityEnd]
    var tail = rest[authorityEnd...]
    var userInfo: Secret?
    if let at = authority.lastIndex(of: "@") {
      userInfo = Secret(String(authority[..<at]))
      authority = authority[authority.index(after: at)...]
    }
    var port: Int?
    let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[bracket...].lastIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      if !digits.isEmpty {
        guard let number = Int(digits), (1...65535).contains(number) else { return nil }
        port = number
      }
      authority = authority[..<colon]
    }
    guard !authority.isEmpty || scheme.lowercased() == "file" else { return nil }
    var query: String?
    if let mark = tail.utf8.firstIndex(of: UInt8(ascii: "?")) {
      query = String(tail[tail.index(after: mark)...])
      tail = tail[..<mark]
    }
    self.init(
      scheme: String(scheme), host: String(authority), port: port, path: String(tail),
      query: query, userInfo: userInfo)
  }

  /// The host that a connection goes to: an IPv6 literal without its brackets.
  package var address: String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  /// The port that a connection goes to.
  public var effectivePort: Int { port ?? Self.defaultPort(of: scheme) ?? 0 }

  /// Host, and the port where it is not the default.
  public var authority: String { port.map { "\(host):\($0)" } ?? host }

  /// Scheme, host and port: what credentials and circuit breakers are bound to.
  public var endpoint: String { "\(scheme)://\(authority)" }

  /// Path and query as they go onto a request line.
  public var target: String { query.map { "\(path)?\($0)" } ?? path }

  /// The last segment of the path; empty when the path ends in a slash.
  public var lastComponent: String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// The text to connect with: complete, but for the user info.
  public var url: String { endpoint + target }

  /// The text that names this resource in the lock, the ledger and messages.
  ///
  /// Percent-encoded unreserved characters are decoded and the parameters of a signature are left
  /// out, so that the same thing has one name and no name holds a credential.
  public var identity: String {
    let path = Self.decodingUnreserved(path)
    guard let query else { return endpoint + path }
    guard let kept = SignedQuery.strip(query) else { return endpoint + path }
    return "\(endpoint)\(path)?\(Self.decodingUnreserved(kept))"
  }

  /// The ``identity``.
  public var description: String { identity }

  /// Whether it stands for a place that only the tool's own settings know, under the reserved name that
  /// nobody can be asked by (RFC 6761, 6.4).
  package var isNowhere: Bool { host.hasSuffix(".mirror.invalid") }

  /// The same resource without user info.
  public var withoutUserInfo: Locator {
    Locator(scheme: scheme, host: host, port: port, path: path, query: query)
  }

  /// The same resource with that user info where it has none of its own.
  package func carrying(_ userInfo: Secret?) -> Locator {
    Locator(
      scheme: scheme, host: host, port: port, path: path, query: query,
      userInfo: self.userInfo ?? userInfo)
  }

  /// The ``userInfo`` decoded, with the colon that a name without a password lacks (RFC 7617).
  package var login: Secret? {
    userInfo.map { userInfo in
      let text = userInfo.reveal()
      return Secret(PercentEncoding.decode(text) + (text.contains(":") ? "" : ":"))
    }
  }

  /// A text that may be a URL, without what may be a login in it, for messages.
  package static func redacting(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@"), let start = text.firstRange(of: "://"),
      start.upperBound <= at
    else { return text }
    return "\(text[..<start.upperBound])***\(text[at...])"
  }

  /// Resolves a reference against this locator (RFC 3986, 5.2), as a redirect or a link needs it.
  ///
  /// - Returns: `nil` when the reference is no URL or path.
  public func resolving(_ reference: String) -> Locator? {
    var reference = Substring(reference)
    if let hash = reference.firstIndex(of: "#") { reference = reference[..<hash] }
    if let scheme = reference.firstRange(of: "://"),
      reference[..<scheme.lowerBound].utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
      )
    {
      return Locator(String(reference))
    }
    if reference.hasPrefix("//") { return Locator("\(scheme):\(reference)") }
    if reference.isEmpty { return self }
    var query: String?
    if let mark = reference.firstIndex(of: "?") {
      query = String(reference[reference.index(after: mark)...])
      reference = reference[..<mark]
    }
    let path: String
    if reference.hasPrefix("/") {
      path = Self.removingDotSegments(String(reference))
    } else if reference.isEmpty {
      path = self.path
    } else {
      let folder = self.path[...(self.path.lastIndex(of: "/") ?? self.path.startIndex)]
      path = Self.removingDotSegments("\(folder)\(reference)")
    }
    return Locator(
      scheme: scheme, host: host, port: port, path: path, query: query, userInfo: userInfo)
  }

  /// This locator with a relative path added below it.
  public func appending(_ relative: String) -> Locator {
    Locator(
      scheme: scheme, host: host, port: port,
      path: (path.hasSuffix("/") ? path : path + "/") + relative, query: query, userInfo: userInfo)
  }

  private static func defaultPort(of scheme: String) -> Int? {
    ["http": 80, "https": 443][scheme]
  }

  private static func removingDotSegments(_ path: String) -> String {
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        if kept.count > 1 { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return kept.joined(separator: "/")
  }

  private static func decodingUnreserved(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = PercentEncoding.digit(bytes[index + 1]),
        let low = PercentEncoding.digit(bytes[index + 2])
      else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let value = high << 4 | low
      let code = String(decoding: bytes[index...(index + 2)], as: UTF8.self)
      result += isUnreserved(value) ? [value] : Array(code.uppercased().utf8)
      index += 3
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// RFC 3986, 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~".utf8.contains(byte)
    }
  }
}
