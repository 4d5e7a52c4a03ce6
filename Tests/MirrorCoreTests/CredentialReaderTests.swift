import MirrorCore
import MirrorTesting
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
}
