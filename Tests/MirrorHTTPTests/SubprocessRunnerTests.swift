import Glibc
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Synchronization
import Testing

/// Real programs, which outlive the test unless they are ended.
@Suite(.timeLimit(.minutes(1))) struct SubprocessRunnerTests {
  private static let endless = Program(
    ["/bin/sh", "-c", "echo $$; exec sleep 1000"], environment: ["PATH": "/usr/bin:/bin"])

  @Test func `ends a program whose task is cancelled`() async throws {
    let talks = Gate()
    let started = Mutex<pid_t?>(nil)
    let running = Task {
      try await SubprocessRunner().run(Self.endless) { bytes throws(MirrorError) in
        let text = String(decoding: bytes, as: UTF8.self).filter(\.isNumber)
        started.withLock { $0 = pid_t(text) }
        await talks.pass()
      }
    }
    await talks.waitForRequests(1)
    running.cancel()
    let error = await #expect(throws: MirrorError.self) { try await running.value }
    #expect(error?.code == .unavailable)
    let id = try #require(started.withLock { $0 })
    #expect(kill(id, 0) == -1)
  }

  @Test func `ends a program that has no more time`() async throws {
    let end = try await SubprocessRunner().collect(Self.endless, within: .milliseconds(1))
    #expect(end == nil)
  }

  @Test func `says that it was cancelled, and not that time was up`() async throws {
    let began = Gate()
    let programs = FakePrograms { _ in
      await began.pass()
      return .failing(143)
    }
    let collecting = Task {
      try await programs.collect(Self.endless, within: .seconds(1000))
    }
    await began.waitForRequests(1)
    collecting.cancel()
    #expect(try await collecting.value?.end.status == 143)
  }
}
