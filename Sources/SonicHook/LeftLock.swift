#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file by which SONiC's own hooks keep apt and dpkg apart, when it was left behind.
///
/// Nobody removes it when its owner was killed, and every later call waits ten minutes for it. Its owner
/// holds dpkg's lock while it works; so a file that is a minute old while that lock is free is nobody's.
package struct LeftLock: Sendable {
  /// The file.
  package var path: String
  /// dpkg's lock.
  package var frontend: FrontendLock

  /// Creates the look-out for a file.
  package init(
    path: String = "/tmp/.dpkg_installation.lock", frontend: FrontendLock = FrontendLock()
  ) {
    self.path = path
    self.frontend = frontend
  }

  /// Removes the file if it is nobody's.
  ///
  /// - Parameter now: the time, in seconds since 1970.
  /// - Returns: whether it was.
  package func clear(now: Int = time(nil)) -> Bool {
    // Looked at while we have the lock: what another call has put there meanwhile is not removed.
    isOld(now) && frontend.ifFree { isOld(now) && unlink(path) == 0 }
  }

  private func isOld(_ now: Int) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && now - status.st_mtim.tv_sec >= 60
  }
}
