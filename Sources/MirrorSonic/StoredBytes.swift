import MirrorCore

/// What SONiC and the lock call the bytes of a file in the store.
struct StoredBytes {
  let md5: Digest?
  let size: Int

  /// Reads the whole file.
  ///
  /// - Throws: `misconfigured` when it cannot be read.
  init(_ file: OpenFile) throws(MirrorError) {
    var hash = ContentHash(also: [.md5])
    var size = 0
    while true {
      let piece = try file.read(at: size, count: 1 << 18)
      if piece.isEmpty { break }
      piece.withUnsafeBytes { hash.update($0) }
      size += piece.count
    }
    md5 = hash.digests().first { $0.algorithm == .md5 }
    self.size = size
  }
}
