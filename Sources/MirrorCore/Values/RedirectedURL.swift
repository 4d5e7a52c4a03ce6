/// A URL as the wrapper in front of wget and curl rewrites it.
///
/// `https://HOST/PATH` becomes `http://HOST.https.mirror.invalid/PATH`: the tool asks its proxy, the
/// gateway, for a plain URL, and keeps its own rules for names, times and exit codes. The suffix
/// says which scheme was meant, and `-stay` that the tool does not follow redirects. The top-level
/// name is reserved (RFC 6761, 6.4), so such a host can never be reached by mistake.
package struct RedirectedURL {
  private static let suffix = ".mirror.invalid"

  /// The URL as typed.
  package var original: Locator
  /// Whether the tool follows redirects by itself.
  package var followsRedirects: Bool

  /// Reads a rewritten URL; `nil` when it is not one.
  package init?(_ url: Locator) {
    guard url.scheme == "http", url.host.hasSuffix(Self.suffix) else { return nil }
    let host = url.host.dropLast(Self.suffix.utf8.count)
    guard let dot = host.lastIndex(of: "."), dot != host.startIndex else { return nil }
    var scheme = host[host.index(after: dot)...]
    followsRedirects = !scheme.hasSuffix("-stay")
    if !followsRedirects { scheme = scheme.dropLast(5) }
    guard scheme == "http" || scheme == "https" else { return nil }
    original = Locator(
      scheme: String(scheme), host: String(host[..<dot]), port: url.port, path: url.path,
      query: url.query, userInfo: url.userInfo)
  }
}
