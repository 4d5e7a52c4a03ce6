internal import Glibc
internal import UnixSignals

/// Hands the signals that ask a program to end or to look up on to the child.
///
/// What the terminal sends reaches the child by itself, since it is in the same process group; it is
/// not sent twice. We stay alive until the child has ended, so that the run is recorded.
struct SignalForwarding {
  private let signals: UnixSignalsSequence

  /// Catches the signals from now on.
  init() async {
    signals = await UnixSignalsSequence(
      trapping: .sigterm, .sighup, .sigusr1, .sigusr2, .sigint, .sigquit, .sigwinch)
  }

  /// Hands signals on until the task is cancelled; those that come early wait for the child.
  ///
  /// - Parameter children: gives the child's number once it runs.
  func run(to children: AsyncStream<pid_t>) async {
    guard let child = await children.first(where: { _ in true }) else { return }
    for await signal in signals {
      let number = Self.number(of: signal)
      let fromTerminal = [SIGINT, SIGQUIT, SIGWINCH].contains(number) && Self.isForeground
      if !fromTerminal { kill(child, number) }
    }
  }

  /// Waits for the next signal, and gives its number.
  func next() async -> Int32 {
    await signals.first { $0 != .sigwinch }.map(Self.number) ?? SIGTERM
  }

  private static func number(of signal: UnixSignal) -> Int32 {
    switch signal {
    case .sighup: SIGHUP
    case .sigusr1: SIGUSR1
    case .sigusr2: SIGUSR2
    case .sigint: SIGINT
    case .sigquit: SIGQUIT
    case .sigwinch: SIGWINCH
    default: SIGTERM
    }
  }

  /// Whether we stand in the foreground of a terminal, which then signals the child as well.
  private static var isForeground: Bool {
    let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC)
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    return tcgetpgrp(terminal) == getpgrp()
  }
}
