internal import Glibc
import MirrorCore

/// A file that a person named for output.
///
/// A regular file appears whole or not at all; a device or a pipe is written to, never replaced; a link
/// is followed.
struct OutputFile {
  let path: String

  /// Writes the file with what `body` puts into a descriptor.
  ///
  /// - Throws: `misconfigured` when it cannot be written, and what `body` throws.
  func write(_ body: (Int32) throws(MirrorError) -> Void) throws(MirrorError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = try Disk.open(path, O_WRONLY, to: "write")
      defer { close(descriptor) }
      return try body(descriptor)
    }
    let target = exists ? Self.resolved(path) : path
    let temporary = "\(target).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
    let descriptor = try Disk.open(temporary, O_WRONLY | O_CREAT | O_EXCL, to: "create")
    defer { close(descriptor) }
    do throws(MirrorError) {
      try body(descriptor)
      try Disk.rename(temporary, to: target)
    } catch {
      Disk.remove(temporary)
      throw error
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
