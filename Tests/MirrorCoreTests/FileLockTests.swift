import Foundation
import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileLockTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/lock"
  }

  /// Whether another process could have the lock now.
  private func isFree() throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["flock", "--nonblock", path, "true"]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test func `lets one task in at a time`() async throws {
    let crowd = Crowd()
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          let held = try await FileLock(at: path)
          crowd.enter()
          for _ in 0..<10 { await Task.yield() }
          crowd.leave()
          withExtendedLifetime(held) {}
        }
      }
      try await group.waitForAll()
    }
    #expect(crowd.most == 1)
    #expect(crowd.total == 20)
    #expect(folder.names() == [])
  }

  @Test func `keeps other processes out, and removes its file`() async throws {
    let held = try await FileLock(at: path)
    #expect(try !isFree())
    #expect(folder.names() == ["lock"])
    withExtendedLifetime(held) {}
  }

  @Test func `is free again when nobody holds it`() async throws {
    do {
      let held = try await FileLock(at: path)
      withExtendedLifetime(held) {}
    }
    #expect(folder.names() == [])
    #expect(try isFree())
  }

  @Test func `waits for another process, until it is cancelled`() async throws {
    let holder = try LockHolder(path)
    let path = path
    let waiting = Task { try await FileLock(at: path) }
    waiting.cancel()
    let error = await #expect(throws: MirrorError.self) { try await waiting.value }
    #expect(error?.code == .unavailable)
    holder.letGo()
    let held = try await FileLock(at: path)
    #expect(try !isFree())
    withExtendedLifetime(held) {}
  }

  @Test func `waits again when the file it waited for was removed`() async throws {
    let holder = try LockHolder(path)
    let path = path
    let (isWaiting, waits) = AsyncStream<Void>.makeStream()
    let waiting = Task {
      try await FileLock(at: path) {
        waits.yield()
        return 0
      }
    }
    for await _ in isWaiting { break }
    try FileManager.default.removeItem(atPath: path)
    let current = try await FileLock(at: path)
    holder.letGo()
    waiting.cancel()
    let error = await #expect(throws: MirrorError.self) { try await waiting.value }
    #expect(error?.code == .unavailable)
    #expect(try !isFree())
    withExtendedLifetime(current) {}
  }

  @Test func `gives up on a holder that does nothing, naming the lock`() async throws {
    let holder = try LockHolder(path)
    let error = await #expect(throws: MirrorError.self) {
      try await FileLock(at: path, within: .milliseconds(1))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains(path) == true)
    holder.letGo()
  }

  @Test func `waits for a holder as long as it gets on`() async throws {
    let holder = try LockHolder(path)
    var steps = 0
    let held = try await FileLock(at: path, within: .nanoseconds(1)) {
      steps += 1
      if steps == 5 { holder.letGo() }
      return steps
    }
    #expect(steps == 5)
    withExtendedLifetime(held) {}
  }

  @Test func `is misconfigured where the file cannot be made`() async throws {
    let error = await #expect(throws: MirrorError.self) {
      try await FileLock(at: "\(folder.path)/none/lock")
    }
    #expect(error?.code == .misconfigured)
  }
}

/// How many tasks are in a place at once.
private final class Crowd: Sendable {
  private struct State {
    var now = 0
    var most = 0
    var total = 0
  }

  private let state = Mutex(State())

  var most: Int { state.withLock { $0.most } }
  var total: Int { state.withLock { $0.total } }

  func enter() {
    state.withLock { state in
      state.now += 1
      state.total += 1
      state.most = max(state.most, state.now)
    }
  }

  func leave() { state.withLock { $0.now -= 1 } }
}

/// Another process that holds a lock until it is told to let go.
private final class LockHolder {
  private let process = Process()

  init(_ path: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["flock", "--no-fork", path, "sh", "-c", "echo held; exec sleep infinity"]
    process.standardOutput = output
    try process.run()
    #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
  }

  deinit { letGo() }

  func letGo() {
    // A thread of the pool starts its children with every other signal blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
