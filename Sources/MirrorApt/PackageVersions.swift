import MirrorCore

/// The versions that packages say themselves (deb(5), deb-control(5)).
///
/// The name of a package's file lacks the epoch. apt knows it from its index; who asks for a whole URL, as
/// debootstrap and mmdebstrap do, says nothing of it, and a version without it is another one to apt.
struct PackageVersions {
  /// A line for each file, which is empty where there is no answer.
  private static let script =
    "for file; do printf '%s\\n' \"$(dpkg-deb -f \"$file\" Version 2>/dev/null)\"; done"
  /// How many files one command is asked for: their paths have to fit into its arguments.
  private static let batch = 500

  private let surroundings: Surroundings

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// Gives every binary package that has none its version: the package's own word, else, where there is no
  /// dpkg-deb or it cannot read it, that of the file's name.
  func completed(
    _ entries: [LockEntry], file: @Sendable (Digest) -> String
  ) async -> [LockEntry] {
    var entries = entries
    let open = entries.indices.filter { index in
      let entry = entries[index]
      return entry.bytes != nil && entry.attributes["package"] != nil
        && entry.attributes["architecture"] != nil && entry.attributes["version"] == nil
    }
    for start in stride(from: 0, to: open.count, by: Self.batch) {
      let indices = open[start..<min(start + Self.batch, open.count)]
      let paths = indices.compactMap { entries[$0].bytes.map { file($0.digest) } }
      let answer = await surroundings.ask(["sh", "-c", Self.script, "sh"] + paths) ?? ""
      let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      for (index, line) in zip(indices, lines.count == paths.count ? Array(lines) : []) {
        if !line.isEmpty { entries[index].attributes["version"] = String(line) }
      }
      for index in indices where entries[index].attributes["version"] == nil {
        entries[index].attributes["version"] = ArchiveFile(entries[index])?.package?.version
      }
    }
    return entries
  }
}
