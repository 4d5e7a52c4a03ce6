internal import Glibc
package import MirrorCore

/// What people see: lines on standard error, coloured only where a terminal wants it.
package struct Console: Sendable {
  private let isColoured: Bool
  /// Whether standard error is a terminal, so that progress may be shown.
  let isTerminal: Bool

  init(environment: [String: String]) {
    isTerminal = isatty(STDERR_FILENO) == 1
    isColoured =
      isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Prints a line.
  package func say(_ line: String) { write("mirror: \(line)\n") }

  /// Prints a line that must not be overlooked.
  package func warn(_ line: String) {
    write(isColoured ? "\u{1B}[31mmirror:\u{1B}[0m \(line)\n" : "mirror: \(line)\n")
  }

  /// Shows how far long work has come; the next call or an empty text takes its place.
  func showProgress(_ text: String) {
    guard isTerminal else { return }
    write(text.isEmpty ? "\r\u{1B}[K" : "\r\u{1B}[K\(text)")
  }

  private func write(_ text: String) {
    // Nothing can be said about standard error being gone.
    try? Disk.write(Array(text.utf8), to: STDERR_FILENO, path: "standard error")
  }
}

/// Standard output, for what was asked for.
package enum StandardOutput {
  /// Prints bytes; where nobody reads them any more, the process ends as every tool does.
  package static func write(_ bytes: some Sequence<UInt8>) throws(MirrorError) {
    do throws(MirrorError) {
      try Disk.write(Array(bytes), to: STDOUT_FILENO, path: "standard output")
    } catch {
      if errno == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      throw error
    }
  }

  /// Prints a line.
  package static func print(_ line: String) throws(MirrorError) { try write("\(line)\n".utf8) }
}
