import MirrorCore

/// What this machine's apt has from before, and how it is configured: what a recording cannot see.
package struct AptState {
  private let surroundings: Surroundings

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// What a recording cannot see, one line each.
  var gaps: [String] {
    // A frozen run records nothing.
    if surroundings.isFrozen { return [] }
    var gaps: [String] = []
    let parts = Disk.list("/etc/apt/apt.conf.d").map { "/etc/apt/apt.conf.d/\($0)" }
    for path in ["/etc/apt/apt.conf"] + parts {
      guard let bytes = try? Disk.read(path),
        Self.namesProxy(String(decoding: bytes, as: UTF8.self))
      else { continue }
      gaps.append(
        "\(path) names a proxy, which the gateway does not use: it has those of http_proxy and "
          + "https_proxy; or make the proxy a mirror of the chain apt")
    }
    if Disk.list("/var/lib/apt/lists").contains(where: { $0.hasSuffix("Release") }) {
      gaps.append(
        "apt had indices in /var/lib/apt/lists before: those that did not change were not fetched, "
          + "so not recorded; empty that folder for a complete lock")
    }
    if Disk.list("/var/cache/apt/archives").contains(where: { $0.hasSuffix(".deb") }) {
      gaps.append(
        "apt had packages in /var/cache/apt/archives before: those were not fetched, so not recorded; "
          + "run apt-get clean for a complete lock")
    }
    return gaps
  }

  /// Whether a configuration has apt ask a proxy (apt-transport-http(1)): `Proxy "http…"`, within braces
  /// or behind a name.
  package static func namesProxy(_ configuration: String) -> Bool {
    configuration.split(whereSeparator: \.isNewline).contains { line in
      let line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("//") || line.hasPrefix("#") { return false }
      return line.contains(/(^|[:{\s])Proxy(::[^\s"]+)?\s*"[a-z0-9]+:\/\//.ignoresCase())
    }
  }
}
