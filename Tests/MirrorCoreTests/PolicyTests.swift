import MirrorCore
import MirrorTesting
import Testing

/// Strict, locked, offline and owned names, as the chain keeps to them.
@Suite struct PolicyTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let acme = InMemoryMirror("acme", otherwise: .text("abc"))
  private let backup = InMemoryMirror("backup", otherwise: .text("abc"))
  private let origin = InMemoryMirror("origin", otherwise: .text("abc"))

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  private func chain(_ policy: Policy, _ lock: Lockfile = Lockfile()) -> FallbackChain {
    FallbackChain(
      [.store, .mirror(acme), .origin(origin)], store: store, policy: policy, lock: lock)
  }

  private func lock(_ request: Request, _ text: String?) -> Lockfile {
    let state = text.map { LockEntry.State.present(.of($0), size: $0.utf8.count) } ?? .absent
    return Lockfile([LockEntry(ecosystem: .web, identity: request.identity, state: state)])
  }

  private var nobodyWasAsked: Bool { acme.requests.isEmpty && origin.requests.isEmpty }

  // MARK: Strict

  @Test func `refuses unpinned files when strict`() async {
    let resolution = await chain(Policy(isStrict: true)).resolve(.file())
    #expect(resolution.error?.code == .refused)
    #expect(nobodyWasAsked)
  }

  @Test func `takes no weak digest for a pin when strict`() async throws {
    let digest = try #require(Digest.of("abc", .md5))
    let resolution = await chain(Policy(isStrict: true)).resolve(.file(digests: [digest]))
    #expect(resolution.error?.code == .refused)
    #expect(nobodyWasAsked)
  }

  @Test func `serves what the lock or the request pins, and look-ups, when strict`() async {
    let policy = Policy(isStrict: true)
    #expect(await chain(policy).resolve(.file("a", digests: [.of("abc")])).text == "abc")
    #expect(await chain(policy, lock(.file("b"), "abc")).resolve(.file("b")).text == "abc")
    #expect(await chain(policy).resolve(.file("c", changes: true)).text == "abc")
  }

  @Test(arguments: [
    (ScriptedFinding.failure(.unavailable), MirrorError.Code.unavailable),
    (.text("wrong"), .corrupt), (.text("<html>"), .unavailable),
  ])
  func `makes every source a gatekeeper and every incident fatal when strict`(
    finding: ScriptedFinding, code: MirrorError.Code
  ) async {
    let request = Request.file(digests: [.of("abc")])
    acme.script(request.identity, finding)
    let resolution = await chain(Policy(isStrict: true)).resolve(request)
    #expect(resolution.error?.code == code)
    #expect(origin.requests.isEmpty)
  }

  // MARK: Locked

  @Test func `refuses what is not in the lock when locked`() async {
    let resolution = await chain(Policy(isLocked: true), lock(.file("other"), "abc"))
      .resolve(.file())
    #expect(resolution.error?.code == .refused)
    #expect(nobodyWasAsked)
  }

  @Test func `takes the locked bytes from any source`() async {
    acme.script(Request.file().identity, .text("new version"))
    let resolution = await chain(Policy(isLocked: true), lock(.file(), "abc")).resolve(.file())
    #expect(resolution.text == "abc")
    #expect(resolution.trail == "acme:corrupt acme:corrupt origin:hit")
  }

  @Test(arguments: [Policy(isLocked: true), Policy(isOffline: true)])
  func `repeats a recorded absence without asking`(policy: Policy) async {
    let resolution = await chain(policy, lock(.file(), nil)).resolve(.file())
    #expect(resolution.isMiss)
    #expect(resolution.attempts.isEmpty)
    #expect(nobodyWasAsked)
  }

  @Test func `asks again for a recorded absence when not locked`() async {
    #expect(await chain(Policy(), lock(.file(), nil)).resolve(.file()).text == "abc")
  }

  // MARK: The lock

  @Test func `holds sources to the lock, always`() async {
    let resolution = await chain(Policy(), lock(.file(), "recorded")).resolve(.file())
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.trail == "acme:corrupt acme:corrupt origin:corrupt origin:corrupt")
  }

  @Test func `is corrupt when request and lock ask for different bytes`() async {
    let resolution = await chain(Policy(), lock(.file(), "recorded"))
      .resolve(.file(digests: [.of("abc")]))
    #expect(resolution.error?.code == .corrupt)
    #expect(resolution.error?.message.contains("\(Digest.of("abc"))") == true)
    #expect(resolution.error?.message.contains("\(Digest.of("recorded"))") == true)
    #expect(resolution.error?.message.contains("repin") == true)
    #expect(nobodyWasAsked)
  }

  @Test func `adds the lock's digest to one of another kind`() async throws {
    let digest = try #require(Digest.of("abc", .sha512))
    let agreed = await chain(Policy(), lock(.file(), "abc")).resolve(.file(digests: [digest]))
    #expect(agreed.text == "abc")
    let not = await chain(Policy(), lock(.file("b"), "x")).resolve(.file("b", digests: [digest]))
    #expect(not.error?.code == .corrupt)
  }

  @Test func `settles at once what lock and store can`() async {
    #expect(chain(Policy()).resolveLocally(.file()) == nil)
    #expect(chain(Policy(isLocked: true)).resolveLocally(.file())?.error?.code == .refused)
    #expect(
      chain(Policy(isLocked: true), lock(.file(), nil)).resolveLocally(.file())?.isMiss == true)
    _ = await chain(Policy()).resolve(.file())
    #expect(chain(Policy()).resolveLocally(.file())?.text == "abc")
    #expect(acme.requests.count == 1)
  }

  // MARK: Offline

  @Test func `asks nobody when offline`() async {
    let resolution = await chain(Policy(isOffline: true)).resolve(.file())
    #expect(resolution.error?.code == .offline)
    #expect(nobodyWasAsked)
  }

  @Test(arguments: [false, true])
  func `serves from the store when offline, look-ups too`(changes: Bool) async {
    let request = Request.file("index", changes: changes)
    _ = await chain(Policy()).resolve(request)
    let chain = FallbackChain(
      [.mirror(acme), .origin(origin)], store: store, policy: Policy(isOffline: true))
    let resolution = await chain.resolve(request)
    #expect(resolution.text == "abc")
    #expect(resolution.trail == "store:hit")
    #expect(acme.requests.count == 1)
  }

  @Test func `asks anew for look-ups that may change when online`() async {
    let request = Request.file("index", changes: true)
    for _ in 0..<2 { _ = await chain(Policy()).resolve(request) }
    #expect(acme.requests.count == 2)
  }

  @Test(arguments: [false, true])
  func `holds a look-up to the lock only where the world stands still`(isLocked: Bool) async {
    var request = Request.file("index", changes: true)
    request.isRecorded = true
    let lock = Lockfile([
      LockEntry(
        ecosystem: .web, identity: request.identity, state: .present(.of("before"), size: 6),
        changes: true)
    ])
    let chain = FallbackChain(
      [.mirror(acme)], store: store, policy: Policy(isLocked: isLocked), lock: lock)
    #expect(await chain.resolve(request).text == (isLocked ? nil : "abc"))
  }

  @Test func `does not look into a store that the chain does not name`() async {
    for _ in 0..<2 {
      _ = await FallbackChain([.mirror(acme)], store: store).resolve(.file())
    }
    #expect(acme.requests.count == 2)
  }

  // MARK: Owned names

  /// Every way in which the owner can fail to serve.
  @Test(arguments: [
    ScriptedFinding.nothing(), .failure(.unavailable), .failure(.denied), .text("wrong"),
    .text("<html>"),
  ])
  func `never asks a stranger or the origin for an owned name`(
    finding: ScriptedFinding
  )
    async throws
  {
    let owner = InMemoryMirror("owner", endpoint: "https://owner.example", otherwise: finding)
    let policy = Policy(owned: [.web: try OwnedNames(["acme-*"])])
    let chain = FallbackChain(
      [.store, .mirror(acme), .mirror(owner, isOwner: true), .mirror(backup), .origin(origin)],
      store: store, policy: policy)
    let request = Request.file("tool.tgz", owner: "acme-tool", digests: [.of("abc")])
    let resolution = await chain.resolve(request)
    #expect(resolution.text == nil)
    #expect(!owner.requests.isEmpty)
    #expect(nobodyWasAsked)
    #expect(backup.requests.isEmpty)
  }

  @Test func `takes an owner's miss for final`() async throws {
    let owner = InMemoryMirror("owner")
    let chain = FallbackChain(
      [.mirror(owner, isOwner: true), .origin(origin)], store: store,
      policy: Policy(owned: [.web: try OwnedNames(["acme-*"])]))
    let resolution = await chain.resolve(.file("acme-tool.tgz", owner: "acme-tool"))
    #expect(resolution.isMiss)
    #expect(resolution.trail == "owner:miss")
  }

  @Test func `takes owned bytes from the store only if an owner gave them, or a pin names them`()
    async throws
  {
    let owner = InMemoryMirror("owner", otherwise: .text("ours"))
    let request = Request.file(owner: "acme-tool")
    _ = await FallbackChain([.mirror(acme)], store: store).resolve(request)
    let policy = Policy(owned: [.web: try OwnedNames(["acme-*"])])
    let sources = [Source.store, .mirror(owner, isOwner: true), .origin(origin)]
    let chain = FallbackChain(sources, store: store, policy: policy)
    var pinned = request
    pinned.digests = [.of("abc")]
    #expect(await chain.resolve(pinned).trail == "store:hit")
    let fresh = await chain.resolve(request)
    #expect(fresh.text == "ours")
    #expect(fresh.trail == "owner:hit")
    #expect(await chain.resolve(request).trail == "store:hit")
  }

  @Test func `asks one owner after the other`() async throws {
    let first = InMemoryMirror("first")
    let second = InMemoryMirror("second", otherwise: .text("ours"))
    let chain = FallbackChain(
      [.mirror(first, isOwner: true), .mirror(acme), .mirror(second, isOwner: true)], store: store,
      policy: Policy(owned: [.web: try OwnedNames(["acme-*"])]))
    let resolution = await chain.resolve(.file(owner: "acme-tool"))
    #expect(resolution.text == "ours")
    #expect(resolution.trail == "first:miss second:hit")
  }

  @Test func `asks owners for other names too`() async throws {
    let owner = InMemoryMirror("owner", otherwise: .text("abc"))
    let chain = FallbackChain(
      [.mirror(owner, isOwner: true), .origin(origin)], store: store,
      policy: Policy(owned: [.web: try OwnedNames(["acme-*"])]))
    #expect(await chain.resolve(.file()).trail == "owner:hit")
    #expect(chain.sources(for: .file()).map(\.name) == ["owner", "origin"])
    #expect(chain.sources(for: .file(owner: "acme-x")).map(\.name) == ["owner"])
  }

  @Test func `owns names of one ecosystem only`() async throws {
    let chain = FallbackChain(
      [.origin(origin)], store: store,
      policy: Policy(owned: [Ecosystem(rawValue: "pip"): try OwnedNames(["*"])]))
    #expect(await chain.resolve(.file()).text == "abc")
  }
}
