internal import Glibc
import MirrorCore

/// A look at the places that are written in the end, before the work is done for nothing.
enum OutputPlace {
  /// Finds out whether a file can be put where it is named.
  ///
  /// - Throws: `misconfigured` when its folder is not there or cannot be written.
  static func check(_ path: String, for what: String) throws(MirrorError) {
    let folder = Disk.parent(of: path)
    guard access(folder, W_OK) == 0 else { throw Disk.failure("write \(what) there", folder) }
  }
}

extension SessionOptions {
  /// Finds out whether the lock can be written, where it is not only held to.
  ///
  /// - Throws: `misconfigured` when it cannot.
  func checkLockPlace() throws(MirrorError) {
    if !locked, !offline { try OutputPlace.check(lock, for: "the lock") }
  }
}
