import MirrorCore

/// The head of a CONNECT (RFC 9110, 9.3.6): where to, and what the client shows for it.
struct TunnelRequest: Hashable, Sendable {
  var host: String
  var port: Int
  var authorization: String?

  /// Reads a head; `nil` when it is not one.
  init?(head: String) {
    let lines = head.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3, words[0] == "CONNECT", let target = Locator("https://\(words[1])"),
      target.path == "/", target.query == nil
    else { return nil }
    host = target.host
    port = target.effectivePort
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "proxy-authorization" else { continue }
      authorization = String(parts[1].drop { $0 == " " })
    }
  }
}
