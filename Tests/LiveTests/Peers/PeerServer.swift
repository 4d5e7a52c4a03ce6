import Foundation
import Glibc
import Synchronization

/// Another project's server, on a free port of loopback, with its files in the test's own folder.
///
/// It runs in a process group below a shell that waits for its own input to end: whatever becomes of
/// the tests, nothing is left behind.
final class PeerServer: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The port on 127.0.0.1.
  let port: Int
  /// `http://127.0.0.1:PORT`.
  let url: String
  private let input: Pipe
  private let output: Pipe
  private let isRunning = Atomic(true)

  private init(port: Int, input: Pipe, output: Pipe) {
    self.port = port
    self.input = input
    self.output = output
    url = "http://127.0.0.1:\(port)"
  }

  deinit { stop() }

  /// Starts a server, and waits until it takes connections.
  ///
  /// - Parameters:
  ///   - log: the file for what it prints.
  ///   - words: its command line for a port; the first word is looked up by ``path(of:)``.
  static func start(
    log: String, environment: [String: String] = [:], _ words: (Int) throws -> [String]
  ) async throws -> PeerServer {
    let port = try freePort()
    let server = try launch(words(port), port: port, log: log, environment: environment)
    let isUp = try await server.waitUntilUp()
    guard isUp else {
      server.stop()
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw Failure(description: "\(log): no server on port \(port): \(text.suffix(2000))")
    }
    return server
  }

  /// Starts a program that listens on a socket in a folder.
  static func start(
    log: String, socket: String, environment: [String: String] = [:], _ words: [String]
  ) async throws -> PeerServer {
    let server = try launch(words, port: 0, log: log, environment: environment)
    let deadline = ContinuousClock.now + .seconds(180)
    while !FileManager.default.fileExists(atPath: socket) {
      guard ContinuousClock.now < deadline else {
        throw Failure(description: "\(log): it made no socket")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    return server
  }

  /// Ends it, as a machine does that is switched off, and waits until it is gone.
  func stop() {
    guard isRunning.exchange(false, ordering: .sequentiallyConsistent) else { return }
    try? input.fileHandleForWriting.close()
    // The end of the shell's output is the end of the shell.
    _ = try? output.fileHandleForReading.readToEnd()
    // What it had forked may take a moment more.
    let deadline = ContinuousClock.now + .seconds(5)
    while port != 0, Self.accepts(port), ContinuousClock.now < deadline { usleep(1000) }
  }

  /// The place of a program: on PATH, among a system's own, or where `Tests/run` puts servers.
  static func path(of name: String) -> String? {
    if name.hasPrefix("/") {
      return FileManager.default.isExecutableFile(atPath: name) ? name : nil
    }
    let folders =
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { String($0) }
      + ["/usr/sbin", "/sbin", pythonTools]
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Whether all of these servers are on this machine.
  static func areInstalled(_ names: [String]) -> Bool { names.allSatisfy { path(of: $0) != nil } }

  /// The servers written in Python, in a virtual environment of their own.
  static let pythonTools =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/.build/live-peers/bin"

  // MARK: Life

  private static func launch(
    _ words: [String], port: Int, log: String, environment: [String: String]
  ) throws -> PeerServer {
    guard let program = path(of: words[0]) else {
      throw Failure(description: "\(words[0]) is missing: Tests/run")
    }
    let script = """
      exec 3<&0; log=$0
      setsid "$@" </dev/null >"$log" 2>&1 3<&- & pid=$!
      cat <&3 >/dev/null
      kill -s KILL -- "-$pid" 2>/dev/null || kill -s KILL "$pid" 2>/dev/null
      wait "$pid" 2>/dev/null
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, log, program] + words.dropFirst()
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.lowercased().hasSuffix("_proxy") && !$0.key.hasPrefix("PIP_")
    }.merging(environment) { $1 }
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Ours only as long as the process holds it.
    try output.fileHandleForWriting.close()
    return PeerServer(port: port, input: input, output: output)
  }

  private func waitUntilUp() async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(180)
    while ContinuousClock.now < deadline {
      if Self.accepts(port) { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  // MARK: Ports

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
  }

  /// A port below those that the system gives to clients for their own ends; apt-cacher-ng knows none
  /// above 32767.
  static func freePort() throws -> Int {
    for _ in 0..<1000 {
      let port = Int.random(in: 20_000...32_767)
      let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      var reuse: Int32 = 1
      setsockopt(
        socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
      var address = address(port)
      let length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
      }
      if isBound { return port }
    }
    throw Failure(description: "there is no free port")
  }

  private static func accepts(_ port: Int) -> Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = address(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, length) == 0 }
    }
  }
}
