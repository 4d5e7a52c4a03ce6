import MirrorCore
import MirrorTesting
import Testing

/// What an ecosystem's own check does to the chain.
@Suite struct VerifierTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let mirror = InMemoryMirror("acme", endpoint: "https://acme.example")
  private let origin = InMemoryMirror("origin", endpoint: "https://origin.example")

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  /// Knows the first word of a text, and refuses what begins with `bad`.
  private struct FirstWord: Verifier {
    var expected: String?

    func examine(
      _ bytes: OpenFile, size: Int, of request: Request, from source: String
    ) throws(MirrorError) -> [String: String] {
      let text = String(decoding: try bytes.read(at: 0, count: size), as: UTF8.self)
      let word = String(text.prefix { $0 != " " })
      if word == "bad" { throw MirrorError(.corrupt, "\(request.identity): bad from \(source)") }
      return ["word": word]
    }

    func expectations(of request: Request) -> [String: String] {
      expected.map { ["word": $0] } ?? [:]
    }
  }

  private func chain(
    expecting word: String? = nil, policy: Policy = Policy(), lock: Lockfile = Lockfile()
  ) -> FallbackChain {
    FallbackChain(
      [.store, .mirror(mirror), .origin(origin)], store: store, policy: policy, lock: lock,
      verifier: FirstWord(expected: word))
  }

  @Test func `what it brings to light is in the lock, from a source and from the store`()
    async throws
  {
    let request = Request.file()
    mirror.script(request.identity, .text("one two"))
    let ledger = try RunLedger(at: "\(folder.path)/ledger")
    for source in ["acme", "store"] {
      let resolution = await chain().resolve(request)
      guard case .satisfied(let delivery, _) = resolution else {
        Issue.record("not served: \(resolution)")
        return
      }
      #expect(delivery.source == source)
      #expect(delivery.facts == ["word": "one"])
      ledger.record(request, resolution)
      #expect(ledger.soFar.lock.entry(for: request)?.attributes == ["word": "one"])
    }
    // Another process knows it too.
    let other = FallbackChain([.store], store: try Store(at: folder.path))
    guard case .satisfied(let delivery, _) = await other.resolve(request) else {
      Issue.record("not in the store")
      return
    }
    #expect(delivery.facts == ["word": "one"])
  }

  @Test func `bytes without the expected fact are corrupt, and the chain goes on as if pinned`()
    async throws
  {
    let request = Request.file()
    mirror.script(request.identity, .text("one two"))
    origin.script(request.identity, .text("three four"))
    let resolution = await chain(expecting: "three").resolve(request)
    #expect(resolution.text == "three four")
    #expect(resolution.trail == "acme:corrupt acme:corrupt origin:hit")
    let detail = try #require(resolution.attempts.first?.detail)
    #expect(detail.contains("gave one, expected three"))
  }

  @Test func `without an expectation corrupt bytes stop the request`() async throws {
    let request = Request.file()
    mirror.script(request.identity, .text("bad word"))
    origin.script(request.identity, .text("good word"))
    let resolution = await chain().resolve(request)
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.trail == "acme:corrupt acme:corrupt")
  }

  @Test func `the store does not serve what contradicts an expectation`() async throws {
    let request = Request.file()
    mirror.script(request.identity, .text("one two"), .text("three four"))
    #expect(await chain().resolve(request).text == "one two")
    let second = await chain(expecting: "three").resolve(request)
    #expect(second.text == "three four")
  }

  @Test func `the lock's fact is an expectation`() async throws {
    let request = Request.file()
    mirror.script(request.identity, .text("one two"))
    let digest = Digest.of("one two")
    let lock = Lockfile([
      LockEntry(
        ecosystem: .web, identity: request.identity, state: .present(digest, size: 7),
        attributes: ["word": "three"])
    ])
    #expect(await chain(lock: lock).resolve(request).error?.code == .corrupt)
  }

  @Test func `a strict run takes an expectation for a pin`() async throws {
    let request = Request.file()
    mirror.script(request.identity, .text("one two"))
    let strict = Policy(isStrict: true)
    #expect(await chain(policy: strict).resolve(request).error?.code == .refused)
    #expect(await chain(expecting: "one", policy: strict).resolve(request).text == "one two")
  }
}
