/// wget's configuration files (wget(1), `--config`; the manual's chapter "Startup File").
package enum WgetConfiguration {
  /// Reads the files wget would read; nil if one holds a setting we do not follow.
  package static func settings(surroundings: ToolSurroundings) -> ToolSettings? {
    for path in paths(surroundings) {
      if let text = TextFile.contents(of: path), !isHarmless(text) { return nil }
    }
    return ToolSettings()
  }

  /// Returns the system's file, in the places it is built to be in, and the user's.
  package static func paths(_ surroundings: ToolSurroundings) -> [String] {
    var paths: [String]
    if let system = surroundings.nonEmpty("SYSTEM_WGETRC") {
      paths = [system]
    } else {
      paths = ["/etc/wgetrc", "/usr/local/etc/wgetrc"]
    }
    if let user = surroundings.nonEmpty("WGETRC") {
      paths.append(user)
    } else if let home = surroundings.nonEmpty("HOME") ?? surroundings.registeredHome() {
      paths.append(home + "/.wgetrc")
    }
    return paths
  }

  /// Tells whether a file sets nothing that would change what a redirected download is.
  package static func isHarmless(_ text: String) -> Bool {
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let sign = line.firstIndex(of: "=") else { return false }
      // The manual: case, dashes and underscores in names do not matter.
      let name = line[..<sign].lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "_" }
      guard harmless.contains(name) else { return false }
    }
    return true
  }

  private static let harmless = [
    "checkcertificate", "connecttimeout", "contentdisposition", "continue", "dirprefix",
    "dnscache", "dnstimeout", "dotstyle", "followftp", "glob", "hsts", "hstsfile", "httpsonly",
    "inet4only", "iri", "limitrate", "noclobber", "passiveftp", "preferfamily", "progress", "quiet",
    "quota", "randomwait", "readtimeout", "reclevel", "referer", "reportspeed",
    "restrictfilenames", "retryconnrefused", "retryonhosterror", "retryonhttperror", "robots",
    "secureprotocol", "showprogress", "timeout", "timestamping", "tries", "useragent",
    "useservertimestamps", "verbose", "wait", "waitretry",
  ]
}
