import MirrorCore
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct CourierTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let mirror = InMemoryMirror("acme")
  private let ledger = InMemoryLedger()
  private let gate = Gate()

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  /// Runs a courier for as long as the closure runs.
  private func withCourier<R: Sendable>(
    _ sources: [Source], _ body: (Courier) async throws -> R
  ) async throws -> R {
    let courier = Courier(
      chains: [.web: FallbackChain(sources, store: store)], ledger: ledger)
    async let run: Void = courier.run()
    let result = try await body(courier)
    courier.finish()
    await run
    return result
  }

  @Test func `fetches once for askers at the same time, and records each of them`() async throws {
    mirror.script(Request.file().identity, .gated(gate, .text("abc")))
    try await withCourier([.mirror(mirror)]) { courier in
      let passages = (0..<5).map { _ in courier.open(.file()) }
      await gate.waitForRequests(1)
      gate.open()
      for passage in passages {
        guard case .growing(let growth) = passage else {
          Issue.record("was settled before it was fetched")
          continue
        }
        #expect(await growth.resolution().text == "abc")
      }
    }
    #expect(mirror.requests.count == 1)
    #expect(ledger.entries.map(\.outcome) == Array(repeating: "served", count: 5))
  }

  @Test func `has recorded an answer before anyone has it`() async throws {
    mirror.script(Request.file().identity, .text("abc"))
    let ledger = ledger
    try await withCourier([.mirror(mirror)]) { courier in
      #expect(await courier.resolve(.file()).text == "abc")
      #expect(ledger.records.count == 1)
    }
  }

  @Test func `fetches different requests beside each other`() async throws {
    mirror.script(Request.file("a").identity, .gated(gate, .text("a")))
    mirror.script(Request.file("b").identity, .text("b"))
    let gate = gate
    try await withCourier([.mirror(mirror)]) { courier in
      async let slow = courier.resolve(.file("a"))
      await gate.waitForRequests(1)
      #expect(await courier.resolve(.file("b")).text == "b")
      gate.open()
      #expect(await slow.text == "a")
    }
  }

  @Test func `fetches for different pins apart`() async throws {
    mirror.script(Request.file().identity, .text("abc"))
    try await withCourier([.mirror(mirror)]) { courier in
      async let right = courier.resolve(.file(digests: [.of("abc")]))
      async let wrong = courier.resolve(.file(digests: [.of("xyz")]))
      #expect(await right.text == "abc")
      #expect(await wrong.error?.code == .corrupt)
    }
    #expect(ledger.records.count == 2)
  }

  @Test func `answers from the store without a transfer, and records it`() async throws {
    mirror.script(Request.file().identity, .text("abc"))
    try await withCourier([.store, .mirror(mirror)]) { courier in
      _ = await courier.resolve(.file())
      guard case .settled(let resolution) = courier.open(.file()) else {
        Issue.record("asked again for what is in the store")
        return
      }
      #expect(resolution.text == "abc")
    }
    #expect(mirror.requests.count == 1)
    #expect(ledger.entries.map(\.source) == ["acme", "store"])
  }

  @Test func `does not carry an ecosystem it has no chain for`() async throws {
    let courier = Courier(chains: [:], ledger: ledger)
    let resolution = await courier.resolve(.file())
    #expect(resolution.error?.code == .misconfigured)
    #expect(resolution.error?.message.contains("web") == true)
  }

  @Test func `goes on for the others when one asker leaves`() async throws {
    mirror.script(Request.file().identity, .gated(gate, .text("abc")))
    let gate = gate
    try await withCourier([.mirror(mirror)]) { courier in
      let leaving = Task { await courier.resolve(.file()) }
      await gate.waitForRequests(1)
      async let staying = courier.resolve(.file())
      leaving.cancel()
      #expect(await leaving.value.error?.code == .unavailable)
      gate.open()
      #expect(await staying.text == "abc")
    }
  }

  @Test func `settles what is under way when it is cancelled`() async throws {
    let partial = ScriptedFinding.pieces(
      ["abc", "def"], waitingAt: [gate], as: Content(entityTag: "\"v1\""))
    mirror.script(Request.file().identity, partial)
    let courier = Courier(
      chains: [.web: FallbackChain([.mirror(mirror)], store: store)], ledger: ledger)
    let run = Task { await courier.run() }
    async let resolution = courier.resolve(.file())
    await gate.waitForRequests(1)
    run.cancel()
    await run.value
    #expect(await resolution.error?.code == .unavailable)
    #expect(ledger.records.count == 1)
    #expect(folder.names(in: "partial").count == 2)
    #expect(folder.names(in: "locks") == [])
  }
}
