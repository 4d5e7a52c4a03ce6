import MirrorCore
import MirrorTesting
import Testing

/// What readers see of a transfer under way, driven by a chain.
@Suite(.timeLimit(.minutes(1))) struct GrowthTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let acme = InMemoryMirror("acme")
  private let origin = InMemoryMirror("origin")
  private let gate = Gate()
  private let growth = Growth()

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  private func resolve(_ request: Request = .file()) async -> Resolution {
    let chain = FallbackChain([.mirror(acme), .origin(origin)], store: store)
    let resolution = await chain.resolve(request, shownTo: growth)
    growth.settle(resolution)
    return resolution
  }

  /// Reads behind an offset, as a gateway does.
  private func text(after offset: Int) async throws -> String? {
    guard case .ready(let file, let end) = await growth.progress(after: offset) else { return nil }
    return try file.text(offset..<end)
  }

  private func error(after offset: Int) async -> MirrorError.Code? {
    if case .broken(let error) = await growth.progress(after: offset) { error.code } else { nil }
  }

  private func isComplete(after offset: Int) async -> Bool {
    if case .complete = await growth.progress(after: offset) { true } else { false }
  }

  @Test func `shows bytes as they come`() async throws {
    let content = Content(size: 10, type: "text/plain")
    acme.script(
      Request.file().identity, .pieces(["01234", "56789"], waitingAt: [gate], as: content))
    async let resolution = resolve()
    guard case .flowing(let shown) = await growth.opening() else {
      Issue.record("the request ended before there was anything to read")
      return
    }
    #expect(shown == content)
    #expect(try await text(after: 0) == "01234")
    gate.open()
    #expect(try await text(after: 5) == "56789")
    #expect(await isComplete(after: 10))
    #expect(await resolution.text == "0123456789")
  }

  @Test func `serves any number of readers, however late they come`() async throws {
    acme.script(Request.file().identity, .text("0123456789"))
    let resolution = await resolve()
    let texts = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<8 { group.addTask { try await text(after: 0) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(texts == Array(repeating: "0123456789", count: 8))
    #expect(resolution.text == "0123456789")
  }

  @Test func `goes on with a second source that begins with the same bytes`() async throws {
    acme.script(Request.file().identity, .broken(after: "0123".utf8, as: Content(size: 10)))
    origin.script(
      Request.file().identity,
      .gated(gate, .pieces(["01", "23456789"], waitingAt: [], as: Content(size: 10))))
    async let resolution = resolve()
    #expect(try await text(after: 0) == "0123")
    gate.open()
    #expect(try await text(after: 4) == "456789")
    #expect(await isComplete(after: 10))
    #expect(await resolution.trail == "acme:unavailable origin:hit")
  }

  @Test(arguments: ["9876543210", "01x3456789", "01", "0123456789abc"])
  func `breaks off when a second source disagrees with what was given`(other: String) async throws {
    acme.script(Request.file().identity, .broken(after: "0123".utf8, as: Content(size: 10)))
    origin.script(Request.file().identity, .gated(gate, .text(other)))
    async let resolution = resolve()
    #expect(try await text(after: 0) == "0123")
    gate.open()
    let outcome = await resolution
    #expect(await error(after: 4) == .unavailable)
    // Whoever asks anew gets the second source's bytes, whole.
    #expect(outcome.text == other)
  }

  @Test(arguments: ["abcdefghij", "0123456789"])
  func `goes on after a source began anew only if it gives the same`(other: String) async throws {
    let gate = gate
    acme.script(
      Request.file().identity,
      ScriptedFinding { sink throws(MirrorError) in
        _ = try? await ScriptedFinding.broken(
          after: "0123".utf8, as: Content(size: 10, entityTag: "\"v1\"")
        ).give(to: sink)
        await gate.pass()
        return try await ScriptedFinding.text(other, as: Content(entityTag: "\"v2\""))
          .give(to: sink)
      })
    async let resolution = resolve()
    guard case .ready(let file, upTo: 4) = await growth.progress(after: 0) else {
      Issue.record("the first four bytes were not shown")
      return
    }
    gate.open()
    #expect(await resolution.text == other)
    // Whoever reads slowly still finds what was promised.
    #expect(try file.text(0..<4) == "0123")
    if other.hasPrefix("0123") {
      #expect(try await text(after: 4) == "456789")
    } else {
      #expect(await error(after: 4) == .unavailable)
      guard case .settled = await growth.opening() else {
        Issue.record("a late reader is shown bytes that were taken back")
        return
      }
    }
  }

  @Test func `breaks off when no other source is left`() async throws {
    acme.script(Request.file().identity, .broken(after: "0123".utf8))
    origin.script(Request.file().identity, .gated(gate, .failure(.unavailable)))
    async let resolution = resolve()
    #expect(try await text(after: 0) == "0123")
    gate.open()
    #expect(await resolution.error?.code == .unavailable)
    #expect(await error(after: 4) == .unavailable)
  }

  @Test(arguments: [true, false])
  func `shows nothing of a pinned file before it was verified`(isStrong: Bool) async throws {
    let digest = isStrong ? Digest.of("0123456789") : Digest.of("0123456789", .md5)
    let request = Request.file(digests: [try #require(digest)])
    acme.script(request.identity, .pieces(["01234", "XXXXX"], waitingAt: [gate]))
    origin.script(request.identity, .text("0123456789"))
    async let resolution = resolve(request)
    async let first = text(after: 0)
    await gate.waitForRequests(1)
    gate.open()
    let outcome = await resolution
    if isStrong {
      #expect(try await first == "0123456789")
      #expect(outcome.text == "0123456789")
    } else {
      #expect(try await first == nil)
      #expect(outcome.error?.code == .corrupt)
    }
  }

  @Test(arguments: [
    (ScriptedFinding.text("<!DOCTYPE html><p>Sign in"), Content()),
    (.text("wall", as: Content(type: "text/html")), Content()),
  ])
  func `shows nothing of a web page where an archive was asked for`(
    page: ScriptedFinding, content: Content
  ) async throws {
    acme.script(Request.file().identity, page)
    origin.script(Request.file().identity, .text("0123456789"))
    async let resolution = resolve()
    #expect(try await text(after: 0) == "0123456789")
    #expect(await resolution.trail == "acme:unavailable acme:unavailable origin:hit")
  }

  @Test func `is settled without bytes when there are none`() async {
    let resolution = await resolve()
    guard case .settled(let told) = await growth.opening() else {
      Issue.record("a miss has no bytes")
      return
    }
    #expect(told.isMiss)
    #expect(resolution.isMiss)
    // There is no whole that a reader could have got to the end of.
    #expect(await error(after: 0) == .unavailable)
  }

  @Test func `lets a reader go who is cancelled, and nobody else`() async throws {
    acme.script(Request.file().identity, .pieces(["01234", "56789"], waitingAt: [gate]))
    async let resolution = resolve()
    #expect(try await text(after: 0) == "01234")
    let growth = growth
    let leaving = Task { await growth.progress(after: 5) }
    leaving.cancel()
    guard case .broken(let error) = await leaving.value else {
      Issue.record("a cancelled reader was given more")
      return
    }
    #expect(error.code == .unavailable)
    gate.open()
    #expect(try await text(after: 5) == "56789")
    #expect(await resolution.text == "0123456789")
  }
}
