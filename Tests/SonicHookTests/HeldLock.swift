import Foundation

/// A lock on a file that another process has.
struct HeldLock {
  private let process = Process()

  /// Starts the process, which has the lock by the time this returns.
  init(_ path: String) throws {
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [
      "-c",
      "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.lockf(f,fcntl.LOCK_EX); "
        + "print(flush=True); sys.stdin.read()", path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = Pipe()
    try process.run()
    _ = output.fileHandleForReading.availableData
  }

  /// Kills the process.
  func release() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
