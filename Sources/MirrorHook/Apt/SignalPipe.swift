#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A pipe that has something to read once a signal came which asks us to end.
///
/// apt ends its methods with SIGINT, which must reach the stock method as well. The handler may do
/// nothing but write, and finds the pipe under a fixed number, since it can have no context.
struct SignalPipe {
  private static var number: Int32 { 63 }

  /// Where it is read.
  let end: Int32

  /// Catches the signals from now on; nil if there can be no pipe.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, dup2(ends[1], Self.number) >= 0 else { return nil }
    close(ends[1])
    end = ends[0]
    for descriptor in [end, Self.number] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var awaited = sigset_t()
    sigemptyset(&awaited)
    for signalNumber in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&awaited, signalNumber)
      signal(signalNumber) { _ in
        var byte: UInt8 = 0
        _ = write(SignalPipe.number, &byte, 1)
      }
    }
    // Whoever starts apt may have blocked them.
    sigprocmask(SIG_UNBLOCK, &awaited, nil)
  }
}
