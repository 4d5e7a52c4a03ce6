/// The credentials file wget reads by default (wget(1), `--no-netrc`).
///
/// A host with an entry there must be asked by wget itself: the entry names the original host.
package struct Netrc: Sendable {
  private let words: [Substring]

  /// Reads the text of a `.netrc` file.
  package init(_ text: String) {
    words = text.split(whereSeparator: \.isWhitespace)
  }

  /// Tells whether the file may hold credentials for a host.
  package func mentions(_ host: String) -> Bool {
    let host = host.lowercased()
    return words.contains { $0 == "default" || $0.lowercased() == host }
  }
}
