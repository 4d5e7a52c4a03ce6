internal import Glibc
import MirrorCore

/// A git bundle (gitformat-bundle(5)) that lies at a web server or in a bucket: git reads files alone.
enum BundleFile {
  /// Fetches a bundle to a path; whoever asked for it removes it.
  ///
  /// - Returns: whether the mirror has one there.
  /// - Throws: what the transport throws, and `misconfigured` when the store cannot take it.
  static func fetch(
    _ retrieval: Retrieval, over transport: any Transport, to path: String
  ) async throws(MirrorError) -> Bool {
    do throws(MirrorError) {
      if case .content = try await transport.get(retrieval, to: Sink(path)) { return true }
    } catch {
      Disk.remove(path)
      throw error
    }
    Disk.remove(path)
    return false
  }

  /// A file that takes bytes; git checks what is in it.
  private final class Sink: ByteSink {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(MirrorError) {
      self.path = path
      descriptor = try Disk.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, to: "write")
    }

    deinit { close(descriptor) }

    var partial: Partial? { nil }

    func begin(_ content: Content, at offset: Int) throws(MirrorError) {
      guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
        throw Disk.failure("write", path)
      }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
      try Disk.write(bytes, to: descriptor, path: path)
    }
  }
}
