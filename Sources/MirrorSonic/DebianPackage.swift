import MirrorCore

/// A binary package as apt's lines of the lock tell it.
struct DebianPackage {
  let name: String
  let version: String
  /// `all` for a package of every architecture.
  let architecture: String
  /// The distribution by SONiC's word, such as `bookworm`; `nil` when the lock does not know it.
  let distribution: String?

  /// Reads a line; `nil` when it is none of a binary package.
  init?(_ entry: LockEntry) {
    guard let name = entry.attributes["package"], let version = entry.attributes["version"],
      let architecture = entry.attributes["architecture"]
    else { return nil }
    self.name = name
    self.version = version
    self.architecture = architecture
    distribution = entry.attributes["release"].flatMap(Self.distribution)
  }

  /// The files that list packages, each with its packages.
  ///
  /// One of every architecture is listed for each that its distribution was served for: a file for all
  /// would be outweighed by theirs.
  static func files(of packages: [DebianPackage]) -> [(VersionFileName, [DebianPackage])] {
    Dictionary(grouping: packages, by: \.distribution).flatMap { distribution, packages in
      let shared = packages.filter { $0.architecture == "all" }
      let own = Dictionary(grouping: packages.filter { $0.architecture != "all" }) {
        VersionFileName(.deb, distribution: distribution, architecture: $0.architecture)
      }
      return own.isEmpty
        ? [(VersionFileName(.deb, distribution: distribution), shared)]
        : own.map { ($0.key, shared + $0.value) }
    }
  }

  /// The distribution of a suite: `bookworm-security`, `bullseye/updates` and their like belong to the one
  /// they begin with; a suite that is another distribution next year belongs to none.
  private static func distribution(_ suite: String) -> String? {
    let word = suite.prefix { $0 != "-" && $0 != "/" }
    return word.isEmpty || moving.contains(word) ? nil : String(word)
  }

  private static let moving: Set<Substring> = [
    "stable", "oldstable", "oldoldstable", "testing", "unstable", "experimental", ".",
  ]
}
