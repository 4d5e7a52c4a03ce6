import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct CredentialReaderTests {
  @Test func `lets an asker go who is cancelled, and answers the others`() async throws {
    let gate = Gate()
    let reader = CredentialReader(
      environment: [:],
      programs: FakePrograms { _ in
        await gate.pass()
        return .printing("t0ken\n")
      })
    let place = try #require(Locator("https://acme.example/a"))
    let ask = { @Sendable () async throws in
      try await reader.authorization(.command(["vault"]), for: place, of: "acme")
    }
    let leaving = Task { try await ask() }
    await gate.waitForRequests(1)
    async let staying = ask()
    leaving.cancel()
    let error = await #expect(throws: MirrorError.self) { try await leaving.value }
    #expect(error?.code == .unavailable)
    gate.open()
    #expect(try await staying.reveal() == "Bearer t0ken")
  }

  @Test(arguments: [FakePrograms.Outcome.failing(), .printing(""), .printing("\n")])
  func `asks a program again when its answer is old, or was none`(
    none: FakePrograms.Outcome
  ) async throws {
    let asked = Mutex(0)
    let minutes = Mutex(0)
    let reader = CredentialReader(
      environment: [:],
      programs: FakePrograms { _ in
        let count = asked.withLock { asked in
          asked += 1
          return asked
        }
        return count == 1 ? none : .printing("t0ken-\(count)\n")
      }, now: { .seconds(60 * minutes.withLock { $0 }) })
    let place = try #require(Locator("https://acme.example/a"))
    let ask = {
      try await reader.authorization(.command(["vault"]), for: place, of: "acme").reveal()
    }
    await #expect(throws: MirrorError.self) { try await ask() }
    #expect(try await ask() == "Bearer t0ken-2")
    minutes.withLock { $0 = 4 }
    #expect(try await ask() == "Bearer t0ken-2")
    minutes.withLock { $0 = 5 }
    #expect(try await ask() == "Bearer t0ken-3")
  }
}
