/// The names of an archive's indices (the Debian wiki's description of the repository format).
enum IndexName {
  private static let exact: Set<Substring> = ["InRelease", "Release", "Release.gpg", "Index"]
  private static let stems = ["Packages", "Sources", "Translation-", "Contents-", "Components-"]

  /// Whether a file of that name is an index, which is another tomorrow.
  static func isIndex(_ name: String) -> Bool {
    exact.contains(Substring(name))
      || stems.contains { stem in
        guard name.hasPrefix(stem) else { return false }
        return stem.hasSuffix("-") || name == stem || name.dropFirst(stem.count).first == "."
      } || name.hasPrefix("icons-")
  }
}
