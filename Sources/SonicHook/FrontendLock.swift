#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// dpkg's own lock on the package database, which its front ends hold for as long as they work.
///
/// A record lock (fcntl(2)) belongs to the process: it survives exec, so the tool we become has it, its
/// children have not, and the kernel gives it back whatever becomes of the process. So it can never be
/// stale, as a file that somebody has to remove can.
package struct FrontendLock: Sendable {
  /// The file.
  package var path: String

  /// Creates the lock on a file.
  package init(path: String = FrontendLock.path(in: "/var/lib/dpkg")) { self.path = path }

  /// The file in a folder of dpkg's.
  package static func path(in folder: String) -> String { "\(folder)/lock-frontend" }

  /// What came of waiting.
  package enum Outcome: Sendable, Equatable {
    /// This process has it, or it cannot be had by this user, who can install nothing then.
    case taken
    /// Somebody else had it all the time.
    case busy
  }

  /// Takes the lock, waiting for others.
  ///
  /// - Parameters:
  ///   - limit: how long to wait, in milliseconds.
  ///   - notice: called once, when there is something to wait for.
  package func take(limit: Int = 600_000, notice: () -> Void = {}) -> Outcome {
    // Without O_CLOEXEC: to close any descriptor of the file gives the lock back.
    let descriptor = open(path, O_RDWR)
    guard descriptor >= 0 else { return .taken }
    var waited = 0
    while true {
      var request = Self.wholeFile
      if fcntl(descriptor, F_SETLK, &request) == 0 { return .taken }
      guard errno == EACCES || errno == EAGAIN else { return .taken }
      if waited >= limit {
        close(descriptor)
        return .busy
      }
      if waited == 0 { notice() }
      usleep(100_000)
      waited += 100
    }
  }

  /// Does something while this process has it, and gives it back; nothing if somebody else has it.
  ///
  /// To be called before it is taken: what is given back is every lock of this process on the file.
  ///
  /// - Returns: what was returned; false if somebody else has it.
  package func ifFree(_ body: () -> Bool) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT && body() }
    defer { close(descriptor) }
    var request = Self.wholeFile
    return fcntl(descriptor, F_SETLK, &request) == 0 && body()
  }

  private static var wholeFile: flock {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    return request
  }
}
