import MirrorCore

/// A binary package that is known by its purl, and where it lies.
struct PackageSearch {
  private let package: PackageURL

  init(_ package: PackageURL) { self.package = package }

  /// The request for its file: as the lock has it, else as the user's apt would get it.
  ///
  /// - Throws: `misconfigured` when there is no apt, or it does not know the package.
  func find(
    in lock: Lockfile, _ surroundings: Surroundings
  ) async throws(MirrorError) -> Request? {
    if let entry = lock.entries.first(where: isMeant), let file = ArchiveFile(entry) {
      return file.request
    }
    var word = package.name
    if let architecture = package.qualifiers["arch"], architecture != "all" {
      word += ":\(architecture)"
    }
    if let version = package.version { word += "=\(version)" }
    // A word that begins with a dash would be an option.
    guard !word.hasPrefix("-") else { return nil }
    let command = ["apt-get", "download", "--print-uris", "-qq", word]
    guard let answer = await surroundings.ask(command), let request = Self.request(printed: answer)
    else {
      throw MirrorError(
        .misconfigured,
        "\(package): neither the lock nor apt's indices have it; run apt-get update, or give its URL"
      )
    }
    return request
  }

  /// Reads a line of `--print-uris`: `'URI' FILE SIZE ALGORITHM:HEX`.
  static func request(printed text: String) -> Request? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("'") }) else {
      return nil
    }
    let words = line.dropFirst().split(separator: "'", maxSplits: 1)
    let rest = words.count == 2 ? words[1].split(separator: " ") : []
    guard rest.count >= 2, let url = Locator(String(words[0])),
      ["http", "https"].contains(url.scheme)
    else { return nil }
    var file = ArchiveFile(url)
    file.name(as: rest[0])
    file.size = Int(rest[1])
    file.digests = rest.dropFirst(2).compactMap { Digest($0) }
    return file.request
  }

  private func isMeant(_ entry: LockEntry) -> Bool {
    entry.ecosystem == .apt && entry.attributes["package"] == package.name
      && package.version.map { entry.attributes["version"] == $0 } ?? true
      && package.qualifiers["arch"].map { entry.attributes["architecture"] == $0 } ?? true
      && entry.attributes["architecture"] != nil
  }
}
