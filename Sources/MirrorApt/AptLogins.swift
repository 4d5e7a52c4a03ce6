import MirrorCore

/// The logins of apt's auth.conf and auth.conf.d (apt_auth.conf(5)), read when the first is needed.
actor AptLogins {
  private let surroundings: Surroundings
  private var files: [Netrc]?

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// The login for a URL, as `user:password` in a URL's encoding.
  func login(for url: Locator) async -> Secret? {
    guard surroundings.showsLogins else { return nil }
    var known = files
    if known == nil {
      known = await read()
      files = known
    }
    let login = known?.lazy.compactMap { $0.login(for: url) }.first
    return login.map { Secret(PercentEncoding.encode($0.reveal())) }
  }

  /// The files in apt's own order, found where apt's configuration says.
  private func read() async -> [Netrc] {
    // With an architecture given, apt-config does not start dpkg to ask for some; these paths have none.
    let words = [
      "apt-config", "-o", "APT::Architectures::=all", "shell", "FILE", "Dir::Etc::netrc/f", "PARTS",
      "Dir::Etc::netrcparts/d",
    ]
    guard let answer = await surroundings.ask(words) else { return [] }
    var places: [String: String] = [:]
    for line in answer.split(separator: "\n") {
      guard let mark = line.firstIndex(of: "=") else { continue }
      let value = line[line.index(after: mark)...].filter { $0 != "'" }
      places[String(line[..<mark])] = value
    }
    let parts = places["PARTS"].map { folder in
      Disk.list(folder).filter { $0.hasSuffix(".conf") }.map { "\(folder)\($0)" }
    }
    return ((parts ?? []) + [places["FILE"]].compactMap { $0 }).compactMap { path in
      guard let bytes = try? Disk.read(path) else { return nil }
      return Netrc(String(decoding: bytes, as: UTF8.self), bareScheme: "https")
    }
  }
}
