import MirrorCore

/// The files of static archives, each below `HOST/PATH` of its upstream: what a lock has, and every index
/// under all the names that its release gives it.
///
/// apt asks for an index by the name of its digest where the release allows that, everybody else by its
/// own; both are the same bytes (the Debian wiki's description of the repository format, `by-hash`).
struct ArchiveTree {
  let files: [StaticFile]

  /// - Throws: `misconfigured` when two that differ want the same place, and what `read` throws.
  init(
    _ entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) {
    let recorded = try URLTree(
      entries.compactMap { entry in
        guard let digest = entry.bytes?.digest, let request = ArchiveFile(entry)?.request else {
          return nil
        }
        return (request, digest)
      }
    ).digests
    var files = recorded
    for (path, digest) in recorded {
      let words = path.split(separator: "/")
      guard let name = words.last, name == "InRelease" || name == "Release" else { continue }
      let folder = words.dropLast().joined(separator: "/")
      let there = Set(recorded.filter { $0.key.hasPrefix("\(folder)/") }.values)
      for index in ReleaseIndex.all(in: try read(digest)) where there.contains(index.digest) {
        let path = "\(folder)/\(index.path)"
        files[path] = index.digest
        let parent = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
        files["\(parent)/by-hash/SHA256/\(index.digest.hex)"] = index.digest
      }
    }
    self.files = files.sorted { $0.key < $1.key }
      .map { StaticFile(path: $0.key, bytes: .stored($0.value)) }
  }
}

/// An index that a release names: a line of its `SHA256` field.
struct ReleaseIndex: Hashable {
  /// Where it is below the release.
  var path: String
  /// What its bytes are.
  var digest: Digest

  /// The indices of a Release or InRelease file.
  static func all(in bytes: [UInt8]) -> [ReleaseIndex] {
    var isInField = false
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .compactMap { line in
        guard line.first == " " else {
          isInField = line.hasPrefix("SHA256:")
          return nil
        }
        let words = line.split(separator: " ")
        guard isInField, words.count == 3, let digest = Digest(.sha256, hex: String(words[0]))
        else { return nil }
        return ReleaseIndex(path: String(words[2]), digest: digest)
      }
  }
}
