/// The value of curl's `--write-out`.
///
/// Some variables would show the redirection (`url_effective`, `remote_ip`, `http_version`, headers).
/// A format is harmless if it names only variables that have the same value either way.
package struct WriteOutFormat: Sendable {
  /// Whether the output is the same with and without the gateway.
  package let isHarmless: Bool

  /// Reads a format as curl(1) describes it: `%{variable}`, `%%`, and other text.
  package init(_ text: String) {
    isHarmless = Self.check(text)
  }

  private static func check(_ text: String) -> Bool {
    // "@file" reads the format from a file.
    guard !text.hasPrefix("@") else { return false }
    var rest = text.utf8[...]
    while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = rest[rest.index(after: percent)...]
      switch rest.first {
      case UInt8(ascii: "{"):
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")),
          let name = String(rest[rest.index(after: rest.startIndex)..<close]),
          harmless.contains(name)
        else { return false }
        rest = rest[close...]
      case UInt8(ascii: "%"):
        rest = rest.dropFirst()
      default:
        // %header{...}, %output{...}, or a lone sign.
        return false
      }
    }
    return true
  }

  private static let harmless = [
    "content_type", "exitcode", "filename_effective", "http_code", "method", "onerror",
    "response_code", "size_download", "speed_download", "stderr", "stdout", "time_appconnect",
    "time_connect", "time_namelookup", "time_pretransfer", "time_starttransfer", "time_total",
    "urlnum",
  ]
}
