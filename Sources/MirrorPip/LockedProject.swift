import MirrorCore

/// The files of one project that a lock has.
struct LockedProject {
  /// The project's name, normalised.
  var name: String
  /// Its files, sorted by name; each with its digest.
  var files: [ProjectFile]

  /// The projects of these lines, sorted by name.
  static func all(in entries: [LockEntry]) -> [LockedProject] {
    var linesByProject: [String: [String: LockEntry]] = [:]
    for entry in entries where entry.bytes != nil {
      guard let package = PackageURL(entry.identity), package.type == "pypi",
        let fileName = package.qualifiers["file_name"]
      else { continue }
      linesByProject[package.name, default: [:]][fileName] = entry
    }
    return linesByProject.sorted { $0.key < $1.key }.compactMap { name, lines in
      let files = files(of: lines)
      return files.isEmpty ? nil : LockedProject(name: name, files: files)
    }
  }

  private static func files(of lines: [String: LockEntry]) -> [ProjectFile] {
    lines.filter { !$0.key.hasSuffix(".metadata") }.sorted { $0.key < $1.key }
      .compactMap { name, entry in
        guard let (digest, size) = entry.bytes else { return nil }
        let metadata = lines["\(name).metadata"]?.bytes?.digest
        return ProjectFile(
          filename: name, url: entry.origin ?? "", hashes: [digest.algorithm.rawValue: digest.hex],
          requiresPython: entry.attributes["requires-python"], size: size,
          coreMetadata: metadata.map { .value([$0.algorithm.rawValue: $0.hex]) })
      }
  }
}
