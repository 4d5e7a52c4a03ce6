import MirrorCore

/// The name of a package's file: `NAME_VERSION_ARCHITECTURE.deb`, `NAME_VERSION.dsc` and the tar files
/// beside it (Debian policy, 5.6; dpkg-name(1)).
struct PackageFileName: Hashable {
  /// The package, or the source package.
  var name: String
  /// The version; without the epoch in most archives' own file names, where others write `1%3a2.0`.
  var version: String
  /// The architecture of a binary package.
  var architecture: String?
  /// Whether it is a binary package.
  var isBinary: Bool { architecture != nil }

  /// Reads a file name; `nil` when it is not one of a package.
  init?(_ fileName: String) {
    for suffix in [".deb", ".udeb", ".ddeb"] where fileName.hasSuffix(suffix) {
      let words = fileName.dropLast(suffix.count).split(
        separator: "_", omittingEmptySubsequences: false)
      guard words.count == 3, words.allSatisfy({ !$0.isEmpty }) else { return nil }
      name = String(words[0])
      version = PercentEncoding.decode(words[1])
      architecture = String(words[2])
      return
    }
    var rest = Substring(fileName)
    for suffix in [".asc", ".sig"] where rest.hasSuffix(suffix) { rest = rest.dropLast(4) }
    guard let stem = Self.stem(rest), let mark = stem.firstIndex(of: "_") else { return nil }
    name = String(stem[..<mark])
    version = String(stem[stem.index(after: mark)...])
    architecture = nil
    guard !name.isEmpty, !version.isEmpty else { return nil }
  }

  /// The name without what says which part of a source package it is.
  private static func stem(_ name: Substring) -> Substring? {
    if name.hasSuffix(".dsc") { return name.dropLast(4) }
    if name.hasSuffix(".diff.gz") { return name.dropLast(8) }
    for compression in [".gz", ".xz", ".bz2", ".lzma", ".zst"] {
      guard name.hasSuffix(".tar\(compression)") else { continue }
      let stem = name.dropLast(4 + compression.count)
      if stem.hasSuffix(".debian") { return stem.dropLast(7) }
      if let orig = stem.firstRange(of: ".orig") { return stem[..<orig.lowerBound] }
      return stem
    }
    return nil
  }
}
