/// The value of curl's `--proto` and `--proto-redir`.
///
/// curl(1): evaluated left to right, comma separated, each a name or `all`, with the modifiers
/// `+` (permit, the default), `-` (deny) and `=` (permit only this one).
package struct ProtocolList: Sendable {
  private let text: String
  private var http = true
  private var https = true

  /// Evaluates a list, starting from curl's defaults, which permit both http and https.
  package init(_ text: String) {
    self.text = text
    for item in text.lowercased().split(separator: ",") {
      let name = item.drop { "+-=".contains($0) }
      let modifier = item.dropLast(name.count).last ?? "+"
      let permitted = modifier != "-"
      if modifier == "=" {
        http = false
        https = false
      }
      if name == "http" || name == "all" { http = permitted }
      if name == "https" || name == "all" { https = permitted }
    }
  }

  /// Whether both http and https are permitted.
  package var permitsBoth: Bool { http && https }

  /// Tells whether the list permits the protocol of a URL as it was typed.
  package func permits(scheme: String) -> Bool {
    scheme == "http" ? http : https
  }

  /// The list, with http permitted: the redirected URL is http, whatever the original was.
  package var permittingHTTP: String {
    http ? text : text + ",http"
  }
}
