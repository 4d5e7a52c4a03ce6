import MirrorCore

/// A lock and a store of many small files, which no build had to record.
enum StoredFiles {
  /// Lays `mirror.lock` and `.mirror` of `https://files.example/0` and so on.
  static func lay(_ count: Int, in folder: String) async throws {
    let store = try Store(at: "\(folder)/.mirror")
    var entries: [LockEntry] = []
    for number in 0..<count {
      let bytes = Array("\(number)".utf8)
      let digest = ContentHash.sha256(of: bytes)
      try Disk.makeFolder(Disk.parent(of: store.objectPath(digest)))
      try Disk.replace(store.objectPath(digest), with: bytes)
      entries.append(
        LockEntry(
          ecosystem: Ecosystem(rawValue: "web"), identity: "https://files.example/\(number)",
          state: .present(digest, size: bytes.count)))
    }
    try await Lockfile.add(entries, toFileAt: "\(folder)/mirror.lock")
  }
}
