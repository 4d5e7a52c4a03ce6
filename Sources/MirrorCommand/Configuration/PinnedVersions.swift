import MirrorCore

/// The versions that an ecosystem's packages are held to, by name.
enum PinnedVersions {
  /// Reads lines `NAME==VERSION`, split at the last `==`; other lines say nothing, and of two lines for
  /// one name the later counts.
  static func read(_ text: String) -> [String: String] {
    var versions: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard !line.hasPrefix("#"), let mark = line.ranges(of: "==").last else { continue }
      let name = line[..<mark.lowerBound].filter { !$0.isWhitespace }
      let version = line[mark.upperBound...].filter { !$0.isWhitespace }
      if !name.isEmpty, !version.isEmpty { versions[name] = version }
    }
    return versions
  }

  /// The versions that a lock has, without the names of which it has several.
  static func recorded(in lock: Lockfile, of ecosystem: Ecosystem) -> [String: String] {
    var versions: [String: Set<String>] = [:]
    for entry in lock.entries where entry.ecosystem == ecosystem && entry.bytes != nil {
      // A source package has the name of another thing.
      guard let name = entry.attributes["package"], let version = entry.attributes["version"],
        entry.attributes["architecture"] != nil
      else { continue }
      versions[name, default: []].insert(version)
    }
    return versions.compactMapValues { $0.count == 1 ? $0.first : nil }
  }
}
