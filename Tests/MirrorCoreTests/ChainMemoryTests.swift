import MirrorCore
import MirrorTesting
import Synchronization
import Testing

/// What a chain remembers within a run: silent endpoints and misses.
@Suite struct ChainMemoryTests {
  /// A clock that goes only when it is told to.
  private final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    var now: Duration { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
  }

  private let folder: TemporaryFolder
  private let store: Store
  private let clock = Clock()
  private let acme = InMemoryMirror("acme", endpoint: "https://acme.example")
  private let origin = InMemoryMirror("origin", otherwise: .text("abc"))

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  private func chain(
    _ mode: Source.Mode = .bestEffort, _ others: InMemoryMirror...
  ) -> FallbackChain {
    let clock = clock
    let sources = [Source.mirror(acme, mode: mode)] + others.map { .mirror($0) } + [.origin(origin)]
    return FallbackChain(sources, store: store, now: { clock.now })
  }

  private func file(_ number: Int) -> Request { .file("\(number).tgz") }

  private func silence(_ numbers: some Sequence<Int>) {
    for number in numbers { acme.script(file(number).identity, .failure(.unavailable)) }
  }

  // MARK: The breaker

  @Test func `passes by an endpoint that was silent three times, for a minute`() async {
    silence(0...9)
    let chain = chain()
    for number in 0..<3 { _ = await chain.resolve(file(number)) }
    #expect(acme.requests.count == 3)

    let passed = await chain.resolve(file(3))
    #expect(passed.text == "abc")
    #expect(passed.trail == "acme:unavailable origin:hit")
    #expect(passed.attempts.first?.detail == "breaker open")
    clock.advance(by: .seconds(59))
    _ = await chain.resolve(file(4))
    #expect(acme.requests.count == 3)

    clock.advance(by: .seconds(1))
    _ = await chain.resolve(file(5))
    #expect(acme.requests.count == 4)
  }

  @Test func `opens again at the first failure after the minute`() async {
    silence(0...9)
    let chain = chain()
    for number in 0..<3 { _ = await chain.resolve(file(number)) }
    clock.advance(by: .seconds(60))
    _ = await chain.resolve(file(3))
    _ = await chain.resolve(file(4))
    #expect(acme.requests.count == 4)
  }

  @Test(arguments: [
    ScriptedFinding.nothing(), .text("abc"), .failure(.denied), .text("<html>"),
  ])
  func `counts only failures in a row`(answer: ScriptedFinding) async {
    silence([0, 1, 3, 4])
    acme.script(file(2).identity, answer)
    let chain = chain()
    for number in 0...5 { _ = await chain.resolve(file(number)) }
    #expect(acme.requests.map(\.fileName).contains("5.tgz"))
  }

  @Test func `stops at a gatekeeper whose breaker is open`() async {
    silence(0...9)
    let chain = chain(.gatekeeper)
    for number in 0..<4 {
      #expect(await chain.resolve(file(number)).error?.code == .unavailable)
    }
    #expect(acme.requests.count == 3)
    #expect(origin.requests.isEmpty)
  }

  @Test func `goes by the endpoint, not by the mirror's name`() async {
    let twin = InMemoryMirror("twin", endpoint: "https://acme.example", otherwise: .text("abc"))
    silence(0...9)
    acme.script(file(2).identity, .failure(.unavailable))
    let other = InMemoryMirror(
      "other", endpoint: "https://acme.example:8443", otherwise: .nothing())
    let chain = chain(.bestEffort, other)
    for number in 0..<3 { _ = await chain.resolve(file(number)) }
    #expect(other.requests.count == 3)
    let clock = clock
    let shared = FallbackChain(
      [.mirror(acme), .mirror(twin)], store: store, now: { clock.now })
    for number in 0..<3 { _ = await shared.resolve(file(number)) }
    // The twin answered in between, so the endpoint is alive.
    #expect(twin.requests.count == 3)
  }

  // MARK: Misses

  @Test func `believes a miss for a minute`() async {
    let chain = chain()
    _ = await chain.resolve(file(0))
    let again = await chain.resolve(file(0))
    #expect(acme.requests.count == 1)
    #expect(again.trail == "acme:miss origin:hit")
    clock.advance(by: .seconds(60))
    _ = await chain.resolve(file(0))
    #expect(acme.requests.count == 2)
  }

  @Test func `remembers no more misses than fit`() async {
    let chain = chain()
    for number in 0...1000 { _ = await chain.resolve(file(number)) }
    _ = await chain.resolve(file(1000))
    #expect(acme.requests.count == 1001)
    _ = await chain.resolve(file(0))
    #expect(acme.requests.count == 1002)
  }

  @Test func `gives the words of a remembered miss`() async {
    let missing = InMemoryMirror("origin", otherwise: .nothing(Reply(status: 410)))
    let chain = FallbackChain([.origin(missing)], store: store)
    for _ in 0..<2 {
      guard case .missed(let reply, _) = await chain.resolve(file(0)) else {
        Issue.record("a miss stays a miss")
        return
      }
      #expect(reply?.status == 410)
    }
    #expect(missing.requests.count == 1)
  }

  @Test func `believes no miss of a look-up that may change`() async {
    let chain = chain()
    for _ in 0..<2 { _ = await chain.resolve(.file("index", changes: true)) }
    #expect(acme.requests.count == 2)
  }

  @Test func `remembers misses by request and source`() async {
    let chain = chain()
    var other = file(0)
    other.accept = "application/json"
    for request in [file(0), file(1), other] { _ = await chain.resolve(request) }
    #expect(acme.requests.count == 3)
  }

  @Test(arguments: [MirrorError.Code.denied, .unavailable])
  func `remembers nothing but misses`(code: MirrorError.Code) async {
    acme.script(file(0).identity, .failure(code))
    let chain = chain(.gatekeeper)
    for _ in 0..<2 { #expect(await chain.resolve(file(0)).error?.code == code) }
    #expect(acme.requests.count == 2)
  }

  @Test func `starts every run without memories`() async {
    _ = await chain().resolve(file(0))
    _ = await chain().resolve(file(0))
    #expect(acme.requests.count == 2)
  }
}
