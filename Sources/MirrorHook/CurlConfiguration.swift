/// curl's default configuration file (curl(1), `--config`).
package enum CurlConfiguration {
  /// Reads the file curl would read; nil if it holds a setting we do not follow, or if it is not
  /// clear which of several files counts.
  package static func settings(
    arguments: [String], surroundings: ToolSurroundings
  )
    -> ToolSettings?
  {
    // curl(1): `-q` counts only as the first argument.
    if let first = arguments.first, first.hasPrefix("-q") || first == "--disable" {
      return ToolSettings()
    }
    let texts = paths(surroundings).compactMap(TextFile.contents(of:))
    guard let text = texts.first else { return ToolSettings() }
    return texts.count == 1 ? settings(in: text) : nil
  }

  /// Returns the places curl looks in; newer versions look in more of them.
  package static func paths(_ surroundings: ToolSurroundings) -> [String] {
    var paths: [String] = []
    func add(_ folder: String?, _ name: String) {
      if let folder, !paths.contains("\(folder)/\(name)") { paths.append("\(folder)/\(name)") }
    }
    let curlHome = surroundings.nonEmpty("CURL_HOME")
    let xdg = surroundings.nonEmpty("XDG_CONFIG_HOME")
    let home = surroundings.nonEmpty("HOME")
    add(curlHome, ".curlrc")
    add(xdg, ".curlrc")
    add(xdg, "curlrc")
    add(home, ".curlrc")
    add(curlHome, ".config/curlrc")
    add(home, ".config/curlrc")
    add(surroundings.registeredHome(), ".curlrc")
    return paths
  }

  /// Reads the text of a configuration file; nil if it holds a setting we do not follow.
  package static func settings(in text: String) -> ToolSettings? {
    var settings = ToolSettings()
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let dashed = line.hasPrefix("-")
      let word = line.prefix { !$0.isWhitespace && (dashed || ($0 != "=" && $0 != ":")) }
      guard var name = longName(of: word) else { return nil }
      let negated = name.hasPrefix("no-")
      if negated { name.removeFirst(3) }
      if name == "location" {
        settings.followsRedirects = !negated
      } else if !harmless.contains(name) {
        return nil
      }
    }
    return settings
  }

  /// Returns the long name of an option as a file spells it: `silent`, `--silent`, or `-s`.
  private static func longName(of word: Substring) -> String? {
    if word.hasPrefix("--") { return String(word.dropFirst(2)) }
    guard word.hasPrefix("-") else { return String(word) }
    guard word.utf8.count == 2, let letter = word.utf8.last else { return nil }
    return CommandGrammar.curl.longName(ofShort: letter)
  }

  private static let harmless = [
    "buffer", "compressed", "connect-timeout", "fail", "fail-early", "fail-with-body", "http1.1",
    "insecure", "ipv4", "keepalive-time", "limit-rate", "max-time", "progress-bar",
    "progress-meter", "referer", "remote-time", "retry", "retry-all-errors", "retry-connrefused",
    "retry-delay", "retry-max-time", "show-error", "silent", "speed-limit", "speed-time",
    "styled-output", "tls-max", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "user-agent",
  ]
}
