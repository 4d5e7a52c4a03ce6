internal import Glibc
import Synchronization

/// The number of files a process may open (setrlimit(2)).
///
/// A gateway holds about three for each transfer, and the usual soft limit of 1024 is for programs of
/// another time. It is raised to the hard limit for us, and left as it was for the child.
enum FileLimit {
  private static let before = {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return limit
  }()

  /// Raises our own limit.
  static func raise() {
    var limit = before
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Goes back to the limit that we were given, for a child to inherit.
  static func restore() {
    var limit = before
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
