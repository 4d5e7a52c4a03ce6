internal import Glibc

/// A file open for reading at any offset; closed when the last user lets go of it.
///
/// Being open it stays readable while it is renamed or removed, which is what lets several tasks read
/// a file that is still being written and published.
public final class OpenFile: Sendable {
  /// What the file system says of a file: enough to notice that it was changed.
  struct Status: Hashable {
    var size: Int
    var modified: Int
    var inode: UInt64
  }

  let descriptor: Int32

  /// Takes over a descriptor.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Opens a file; `nil` when there is none.
  package convenience init?(reading path: String) throws(MirrorError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Disk.failure("open", path)
    }
    self.init(descriptor: descriptor)
  }

  /// Its length in bytes.
  package var size: Int { status().size }

  func status() -> Status {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return Status(size: 0, modified: 0, inode: 0) }
    let modified = status.st_mtim
    return Status(
      size: Int(status.st_size), modified: modified.tv_sec * 1_000_000_000 + modified.tv_nsec,
      inode: UInt64(status.st_ino))
  }

  /// Reads into a buffer.
  ///
  /// - Returns: how many bytes were read; 0 at the end of the file.
  /// - Throws: `misconfigured` when the disk does not give them.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int, path: String = "the store"
  ) throws(MirrorError) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw Disk.failure("read", path) }
    }
  }

  /// Reads at most `count` bytes at an offset.
  public func read(
    at offset: Int, count: Int, path: String = "the store"
  ) throws(MirrorError) -> [UInt8] {
    var failure: MirrorError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      do throws(MirrorError) {
        initialised = try read(
          into: UnsafeMutableRawBufferPointer(buffer), at: offset, path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Feeds the first `count` bytes to a hash.
  package func hash(
    first count: Int, into hash: inout ContentHash, path: String
  ) throws(MirrorError) {
    var offset = 0
    while offset < count {
      let piece = try read(at: offset, count: min(1 << 18, count - offset), path: path)
      if piece.isEmpty { return }
      piece.withUnsafeBytes { hash.update($0) }
      offset += piece.count
    }
  }

  /// Whether two files begin with the same `count` bytes.
  package func agrees(with other: OpenFile, first count: Int) -> Bool {
    var offset = 0
    while offset < count {
      let length = min(1 << 18, count - offset)
      guard let mine = try? read(at: offset, count: length),
        let theirs = try? other.read(at: offset, count: length), mine == theirs, !mine.isEmpty
      else { return false }
      offset += mine.count
    }
    return true
  }
}
