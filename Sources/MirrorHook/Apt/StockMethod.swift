#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One of apt's own acquire methods, as a child of ours.
struct StockMethod {
  /// Where apt keeps its methods.
  static let folder = "/usr/lib/apt/methods"

  /// Its number.
  let process: pid_t
  /// Where it reads.
  let input: Int32
  /// Where it writes.
  let output: Int32
  /// What it was asked and has not answered, by apt's own URIs.
  var outstanding: Set<String> = []
  var reader = AcquireMessageReader()
  /// Whether its capabilities were read.
  var isKnown = false

  /// Starts a method; nil if that cannot be done.
  init?(_ path: String) {
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    guard pipe(&toChild) == 0 else { return nil }
    guard pipe(&fromChild) == 0 else {
      for descriptor in toChild { close(descriptor) }
      return nil
    }
    // There is one thread, so nothing can be started in between.
    for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    defer {
      close(toChild[0])
      close(fromChild[1])
    }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    // Signals must reach the child as if we were not there.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var process: pid_t = 0
    let name = strdup(path)
    defer { free(name) }
    let arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
    guard posix_spawn(&process, path, &actions, &attributes, arguments, environ) == 0 else {
      close(toChild[1])
      close(fromChild[0])
      return nil
    }
    self.process = process
    input = toChild[1]
    output = fromChild[0]
  }
}
