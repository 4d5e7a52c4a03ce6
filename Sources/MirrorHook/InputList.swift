/// The file of URLs that wget's `--input-file` names: one URL a line (wget(1)).
package struct InputList: Sendable, Equatable {
  /// The lines, redirected.
  package let text: String
  /// The hosts of the URLs that were redirected, as typed.
  package let hosts: [String]

  /// Redirects a list; nil if one of its URLs stands in the way.
  package init?(_ text: String, by redirection: URLRedirection) {
    var lines: [String] = []
    var hosts: [String] = []
    // By bytes: to Swift, "\r\n" is one character, and not a line feed.
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let url = Self.trimmed(Substring(line))
      if url.isEmpty { continue }
      switch redirection.redirect(url) {
      case .redirected(let redirected, _, let host):
        lines.append(redirected)
        hosts.append(host)
      case .left:
        lines.append(url)
      case .declined:
        return nil
      }
    }
    self.text = lines.map { $0 + "\n" }.joined()
    self.hosts = hosts
  }

  /// Reads the file that was named on the command line and redirects it.
  ///
  /// Standard input and files that wget would have to fetch first are declined.
  package init?(path: String, by redirection: URLRedirection) {
    guard path != "-", !path.contains("://"), let text = TextFile.contents(of: path),
      !text.unicodeScalars.contains("\u{FFFD}")
    else { return nil }
    self.init(text, by: redirection)
  }

  /// Writes the list where only this process, and what it becomes, can read it.
  ///
  /// Returns a path below `/proc`, or nil if that cannot be done. The file has no name any more and
  /// ends with the process; its descriptor is meant to survive exec.
  package func handedOn() -> String? { UnnamedFile.path(holding: Array(text.utf8)) }

  private static func trimmed(_ line: Substring) -> String {
    var line = line
    while let first = line.first, first.isWhitespace { line.removeFirst() }
    while let last = line.last, last.isWhitespace { line.removeLast() }
    return String(line)
  }
}
