import MirrorCore

/// What passes without being read: a CONNECT (RFC 9110, 9.3.6), or a plain request that is the tool's
/// own business: one with a login or a cookie, or one that is not for getting something.
struct TunnelRequest: Hashable, Sendable {
  /// A plain request to be handed on.
  struct Forwarded: Hashable, Sendable {
    var method: String
    var url: Locator
    var fields: [String]
  }

  /// `https` for a CONNECT, `http` for a plain request.
  var scheme: String
  var host: String
  var port: Int
  /// What the client shows to us.
  var authorization: String?
  /// The plain request, unless it is a CONNECT.
  var forwarded: Forwarded?

  /// Where it goes.
  var place: Locator { Locator(scheme: scheme, host: host, port: port) }

  private static let ours = ["proxy-authorization", "proxy-connection", "connection"]
  private static let own = ["authorization", "cookie"]

  /// Reads a head; `nil` when it is a request that we can answer.
  init?(head: String) {
    let lines = head.split(separator: "\r\n").map { String($0) }
    let words = lines.first?.split(separator: " ").map { String($0) } ?? []
    guard words.count == 3 else { return nil }
    let fields = lines.dropFirst()
    authorization = fields.first { Self.name($0) == "proxy-authorization" }
      .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
    if words[0] == "CONNECT" {
      guard let target = Locator("https://\(words[1])"), target.path == "/", target.query == nil
      else { return nil }
      (scheme, host, port) = ("https", target.host, target.effectivePort)
      return
    }
    let isOwn =
      !["GET", "HEAD"].contains(words[0]) || fields.contains { Self.own.contains(Self.name($0)) }
    guard isOwn, let url = Locator(words[1]), url.scheme == "http",
      !url.host.hasSuffix(".mirror.invalid")
    else { return nil }
    (scheme, host, port) = ("http", url.host, url.effectivePort)
    forwarded = Forwarded(
      method: words[0], url: url, fields: fields.filter { !Self.ours.contains(Self.name($0)) })
  }

  private static func name(_ field: String) -> String { field.prefix { $0 != ":" }.lowercased() }
}

extension TunnelRequest.Forwarded {
  /// The head as the server, or the user's proxy, expects it; the connection is for it alone.
  func head(toProxy: Bool) -> String {
    let line = "\(method) \(toProxy ? url.url : url.target) HTTP/1.1"
    return ([line] + fields + ["Connection: close"]).joined(separator: "\r\n") + "\r\n"
  }
}
