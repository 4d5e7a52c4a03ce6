import MirrorCore
import MirrorTesting
import Testing

@Suite struct FallbackChainTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let acme = InMemoryMirror("acme", endpoint: "https://acme.example")
  private let backup = InMemoryMirror("backup", endpoint: "https://backup.example")
  private let origin = InMemoryMirror("origin", endpoint: "https://files.example")

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  @Test func `has a table without a gap or a contradiction`() {
    let names = ChainCase.table.map(\.testDescription)
    #expect(Set(names).count == names.count)
    #expect(names.count == 13 * 2 * 2 * 2)
  }

  @Test(arguments: ChainCase.table)
  func `does what the table says`(cell: ChainCase) async {
    let digests = cell.isPinned ? [Digest.of(ChainCase.rightText)] : []
    let request = Request.file(digests: digests)
    cell.script(acme, for: request.identity)
    origin.script(request.identity, .text(ChainCase.rightText))
    var sources = [Source.mirror(acme, mode: cell.mode)]
    if cell.hasOrigin { sources.append(.origin(origin)) }

    let resolution = await FallbackChain(sources, store: store).resolve(request)

    let entry = LedgerEntry(request, resolution, time: 0)
    #expect((entry.source ?? entry.outcome) == cell.outcome)
    #expect(resolution.trail == cell.trail)
    #expect(entry.attempts == resolution.attempts)
    // No source is asked without an entry, and none is entered without being asked.
    let asked = resolution.attempts.map(\.source)
    #expect(acme.requests.count == asked.count { $0 == "acme" })
    #expect(origin.requests.count == asked.count { $0 == "origin" })
    // Only the second look at a source passes caches by.
    #expect(acme.requests.map(\.reloads) == Array([false, true].prefix(acme.requests.count)))
    #expect(origin.requests.allSatisfy { !$0.reloads })
    if cell.isPinned, let text = resolution.text { #expect(text == ChainCase.rightText) }
    #expect(entry.incidents.isEmpty == !cell.trail.contains("corrupt"))
    #expect(folder.names(in: "locks") == [])
  }

  @Test(arguments: [true, false])
  func `sets wrong bytes aside and never keeps them`(hasOrigin: Bool) async {
    let request = Request.file(digests: [.of(ChainCase.rightText)])
    acme.script(request.identity, .text(ChainCase.wrongText))
    origin.script(request.identity, .text(ChainCase.rightText))
    let sources = [Source.mirror(acme)] + (hasOrigin ? [.origin(origin)] : [])
    _ = await FallbackChain(sources, store: store).resolve(request)
    let hex = Digest.of(ChainCase.wrongText).hex
    #expect(folder.text(of: "quarantine/\(hex)") == ChainCase.wrongText)
    #expect(folder.names(in: "sha256/\(hex.prefix(2))").contains(hex) == false)
    #expect(folder.names(in: "partial") == [])
  }

  @Test(arguments: [
    "", " \n", "<html>", "<HTML lang=en>", "<!doctype html>", "\n<!DOCTYPE html>",
  ])
  func `takes no page for an archive, but may for a page`(text: String) async {
    acme.script(Request.file("tool.tgz").identity, .text(text))
    acme.script(Request.file("index").identity, .text(text))
    let chain = FallbackChain([.mirror(acme)], store: store)
    let isBlank = text == " \n"
    #expect(await chain.resolve(.file("tool.tgz")).text == (isBlank ? text : nil))
    #expect(await chain.resolve(.file("index")).text == text)
  }

  @Test func `believes a pin more than the look of the bytes`() async {
    let page = "<html>really the archive"
    acme.script(Request.file().identity, .text(page))
    let chain = FallbackChain([.mirror(acme)], store: store)
    #expect(await chain.resolve(.file(digests: [.of(page)])).text == page)
  }

  @Test(arguments: [true, false])
  func `takes bytes of another length than declared for corrupt`(isPinned: Bool) async {
    let request = Request.file(digests: isPinned ? [.of("abc")] : [], size: 4)
    acme.script(request.identity, .text("abc"))
    let resolution = await FallbackChain([.mirror(acme)], store: store).resolve(request)
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.error?.message.contains("3 bytes, expected 4") == true)
  }

  // MARK: After corrupt bytes

  @Test func `asks no other source on the host that gave corrupt bytes`() async {
    let request = Request.file(digests: [.of("right")])
    let twin = InMemoryMirror("twin", endpoint: "https://acme.example", otherwise: .text("right"))
    acme.script(request.identity, .text("wrong"))
    backup.script(request.identity, .text("right"))
    let chain = FallbackChain([.mirror(acme), .mirror(twin), .mirror(backup)], store: store)
    let resolution = await chain.resolve(request)
    #expect(resolution.text == "right")
    #expect(twin.requests.isEmpty)
    #expect(backup.requests.count == 1)
  }

  @Test func `goes by no gatekeeper on the host that gave corrupt bytes`() async {
    let request = Request.file(digests: [.of("right")])
    let twin = InMemoryMirror("twin", endpoint: "https://acme.example", otherwise: .text("right"))
    acme.script(request.identity, .text("wrong"))
    backup.script(request.identity, .text("right"))
    let chain = FallbackChain(
      [.mirror(acme), .mirror(twin, mode: .gatekeeper), .mirror(backup)], store: store)
    let resolution = await chain.resolve(request)
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.trail == "acme:corrupt acme:corrupt twin:unavailable")
    #expect(backup.requests.isEmpty)
  }

  @Test(arguments: [true, false])
  func `says of corrupt bytes and silence the former, in either order`(isFirst: Bool) async {
    let request = Request.file(digests: [.of("right")])
    acme.script(request.identity, isFirst ? .text("wrong") : .failure(.unavailable))
    backup.script(request.identity, isFirst ? .failure(.unavailable) : .text("wrong"))
    let chain = FallbackChain([.mirror(acme), .mirror(backup)], store: store)
    let resolution = await chain.resolve(request)
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.attempts.count == 3)
  }

  @Test func `asks the host again for another request`() async {
    acme.script(Request.file("a.tgz").identity, .text("wrong"))
    acme.script(Request.file("b.tgz").identity, .text("right"))
    let chain = FallbackChain([.mirror(acme)], store: store)
    #expect(await chain.resolve(.file("a.tgz", digests: [.of("right")])).error?.code == .corrupt)
    #expect(await chain.resolve(.file("b.tgz", digests: [.of("right")])).text == "right")
  }

  @Test func `stops at an origin that gives corrupt bytes`() async {
    let request = Request.file(digests: [.of("right")])
    origin.script(request.identity, .text("wrong"))
    backup.script(request.identity, .text("right"))
    let chain = FallbackChain([.origin(origin), .mirror(backup)], store: store)
    #expect(await chain.resolve(request).error?.code == .corrupt)
    #expect(backup.requests.isEmpty)
  }

  // MARK: Misses

  @Test func `says in the words of the origin that nobody has it`() async {
    let reply = Reply(status: 410, type: "text/plain", body: Array("gone".utf8))
    origin.script(Request.file().identity, .nothing(reply))
    let chain = FallbackChain([.mirror(acme), .origin(origin)], store: store)
    guard case .missed(let told, let attempts) = await chain.resolve(.file()) else {
      Issue.record("a miss at the origin is a miss")
      return
    }
    #expect(told == reply)
    #expect(attempts.map(\.outcome) == [.miss, .miss])
    #expect(attempts.last?.detail?.contains("410") == true)
  }

  @Test func `refuses what no mirror has and the origin may not be asked for`() async {
    let chain = FallbackChain([.mirror(acme), .mirror(backup)], store: store)
    let resolution = await chain.resolve(.file())
    #expect(resolution.error?.code == .refused)
    #expect(resolution.trail == "acme:miss backup:miss")
  }

  @Test(arguments: [true, false])
  func `is unavailable, not refused, when a silent mirror might have it`(isFirst: Bool) async {
    (isFirst ? acme : backup).script(Request.file().identity, .failure(.unavailable))
    let chain = FallbackChain([.mirror(acme), .mirror(backup)], store: store)
    let resolution = await chain.resolve(.file())
    #expect(resolution.error?.code == .unavailable)
    #expect(resolution.attempts.count == 2)
  }

  @Test(arguments: [MirrorError.Code.unavailable, .corrupt])
  func `is no miss at the origin while a mirror failed that might have it`(
    code: MirrorError.Code
  ) async {
    acme.script(Request.file().identity, .failure(code))
    let chain = FallbackChain([.mirror(acme), .origin(origin)], store: store)
    let resolution = await chain.resolve(.file(digests: [.of("abc")]))
    #expect(resolution.error?.code == code)
    #expect(resolution.attempts.last?.outcome == .miss)
  }

  @Test(arguments: [MirrorError.Code.unavailable, .denied])
  func `passes on the words of the origin, not those of a mirror`(code: MirrorError.Code) async {
    let reply = Reply(status: 403, type: "text/plain", body: Array("no".utf8))
    acme.script(Request.file().identity, .failure(code, reply: reply))
    let mirror = await FallbackChain([.mirror(acme)], store: store).resolve(.file())
    #expect(mirror.error?.code == code)
    #expect(mirror.error?.reply == nil)
    let upstream = await FallbackChain([.origin(acme)], store: store).resolve(.file())
    #expect(upstream.error?.reply == reply)
  }

  @Test func `asks in written order, the origin wherever it stands`() async {
    backup.script(Request.file().identity, .text("abc"))
    origin.script(Request.file().identity, .failure(.unavailable))
    let chain = FallbackChain([.origin(origin), .mirror(acme), .mirror(backup)], store: store)
    #expect(await chain.resolve(.file()).trail == "origin:unavailable acme:miss backup:hit")
  }

  // MARK: Weak digests

  @Test(arguments: [Digest.Algorithm.md5, .sha1])
  func `checks weak digests`(algorithm: Digest.Algorithm) async throws {
    let digest = try #require(Digest.of("right", algorithm))
    acme.script(Request.file().identity, .text("wrong"))
    backup.script(Request.file().identity, .text("right"))
    let request = Request.file(digests: [digest])
    let right = await FallbackChain([.mirror(backup)], store: store).resolve(request)
    #expect(right.text == "right")
    guard case .satisfied(let delivery, _) = right else { return }
    #expect(delivery.digest == .of("right"))
    // A weak digest is no pin: there is nothing that another source could be held to.
    let wrong = await FallbackChain([.mirror(acme), .mirror(backup)], store: store).resolve(request)
    #expect(wrong.error?.code == .corrupt)
    #expect(wrong.trail == "acme:corrupt acme:corrupt")
  }

  @Test(arguments: [Digest.Algorithm.sha384, .sha512])
  func `holds sources to every strong digest`(algorithm: Digest.Algorithm) async throws {
    let digest = try #require(Digest.of("right", algorithm))
    acme.script(Request.file().identity, .text("wrong"))
    backup.script(Request.file().identity, .text("right"))
    let chain = FallbackChain([.mirror(acme), .mirror(backup)], store: store)
    let resolution = await chain.resolve(.file(digests: [digest]))
    #expect(resolution.text == "right")
    #expect(resolution.trail == "acme:corrupt acme:corrupt backup:hit")
  }

  @Test func `holds the bytes to all digests at once`() async throws {
    let digest = try #require(Digest.of("other", .md5))
    acme.script(Request.file().identity, .text("right"))
    let chain = FallbackChain([.mirror(acme)], store: store)
    let resolution = await chain.resolve(.file(digests: [.of("right"), digest]))
    #expect(resolution.error?.code == .corrupt)
  }
}
