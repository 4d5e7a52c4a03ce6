internal import Glibc

/// A lock between processes: `flock` on a file of its own (flock(2)).
///
/// The lock file is removed on release. A waiter that was queued on the removed file notices it by
/// the inode and queues again, so two holders are never let in.
package final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Waits for the lock; there is no way past it without holding it.
  ///
  /// - Parameters:
  ///   - limit: how long to wait while whoever has it gets nowhere: a process may be stopped, and keeps its
  ///     locks.
  ///   - progress: what is another value whenever the holder has done something.
  /// - Throws: `misconfigured` when the lock file cannot be made; `unavailable` when the limit is reached, or
  ///   the task was cancelled while it waited.
  package init(
    at path: String, within limit: Duration = .seconds(600), progress: () -> Int = { 0 }
  ) async throws(MirrorError) {
    var pause = Duration.milliseconds(2)
    var last: (value: Int, time: ContinuousClock.Instant)?
    while true {
      let descriptor = try Disk.open(path, O_RDWR | O_CREAT, mode: 0o600, to: "lock")
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else {
          let error = Disk.failure("lock", path)
          close(descriptor)
          throw error
        }
        let (value, now) = (progress(), ContinuousClock.now)
        if value != last?.value { last = (value, now) }
        guard last.map({ now - $0.time < limit }) ?? true else {
          close(descriptor)
          throw MirrorError(
            .unavailable,
            "\(path): another process holds this lock and has not moved for "
              + "\(limit.components.seconds) s; end it, or wait until it has ended")
        }
        do {
          try await Task.sleep(for: pause)
        } catch {
          close(descriptor)
          throw MirrorError(.unavailable, "cancelled while waiting for \(path)")
        }
        pause = min(pause * 2, .milliseconds(50))
      }
      if Self.isCurrent(descriptor, path) {
        self.descriptor = descriptor
        self.path = path
        return
      }
      close(descriptor)
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var (held, named) = (stat(), stat())
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
