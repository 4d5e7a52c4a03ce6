import MirrorCore
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChainCancellationTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let acme = InMemoryMirror("acme", endpoint: "https://acme.example")
  private let origin = InMemoryMirror("origin", endpoint: "https://files.example")

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  /// Begins a request, cancels it while the mirror is being asked, and gives what came of it.
  private func cancelled(_ chain: FallbackChain) async -> Resolution {
    let gate = Gate()
    acme.script(
      Request.file().identity,
      .pieces(["abc", "def"], waitingAt: [gate], as: Content(size: 6, entityTag: "\"v1\"")))
    let task = Task { await chain.resolve(.file()) }
    await gate.waitForRequests(1)
    task.cancel()
    return await task.value
  }

  @Test func `asks nobody else, and holds nothing that others wait for`() async {
    origin.script(Request.file().identity, .text("abcdef"))
    let resolution = await cancelled(
      FallbackChain([.mirror(acme), .origin(origin)], store: store))
    #expect(resolution.error?.code == .unavailable)
    #expect(resolution.error?.message == "\(Request.file().identity): cancelled")
    #expect(resolution.trail == "acme:unavailable")
    #expect(origin.requests.isEmpty)
    #expect(folder.names(in: "locks") == [])
  }

  @Test func `keeps what came, and continues it`() async {
    let chain = FallbackChain([.mirror(acme)], store: store)
    _ = await cancelled(chain)
    acme.script(
      Request.file().identity,
      .rest(of: "abcdef".utf8, as: Content(size: 6, entityTag: "\"v1\"")))
    #expect(await chain.resolve(.file()).text == "abcdef")
    #expect(folder.names(in: "partial") == [])
  }

  @Test func `does not take a source for dead that nobody waited for`() async {
    let chain = FallbackChain([.mirror(acme)], store: store)
    for _ in 1...3 { _ = await cancelled(chain) }
    acme.script(Request.file("other").identity, .text("abc"))
    #expect(await chain.resolve(.file("other")).text == "abc")
  }

  @Test func `asks nobody when its task was cancelled before`() async {
    let gate = Gate()
    let chain = FallbackChain([.mirror(acme)], store: store)
    let task = Task {
      await gate.pass()
      return await chain.resolve(.file())
    }
    task.cancel()
    gate.open()
    #expect(await task.value.error?.code == .unavailable)
    #expect(acme.requests.isEmpty)
  }
}
