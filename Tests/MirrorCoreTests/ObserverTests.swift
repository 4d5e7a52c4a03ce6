import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ObserverTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let acme = InMemoryMirror("acme")
  private let origin = InMemoryMirror("origin")
  private let diary = Diary()

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
  }

  private func chain(
    _ sources: [Source], policy: Policy = Policy(), lock: Lockfile = Lockfile()
  ) -> FallbackChain {
    FallbackChain(sources, store: store, policy: policy, lock: lock, observers: [diary])
  }

  @Test func `are told of each source before and after it is asked, and of the end`() async {
    origin.script(Request.file().identity, .text("abc"))
    _ = await chain([.store, .mirror(acme), .origin(origin)]).resolve(.file())
    let identity = Request.file().identity
    #expect(
      diary.lines == [
        "watch \(identity)", "begin acme", "carry", "carried", "note acme:miss", "begin origin",
        "carry", "carried", "note origin:hit", "end served",
      ])
  }

  @Test func `are told of both looks at a source that gave corrupt bytes`() async {
    acme.script(Request.file().identity, .text("wrong"))
    origin.script(Request.file().identity, .text("right"))
    _ = await chain([.mirror(acme), .origin(origin)]).resolve(.file(digests: [.of("right")]))
    #expect(diary.notes == ["acme:corrupt", "acme:corrupt", "origin:hit"])
    #expect(diary.lines.last == "end served")
  }

  @Test func `are told of a source that need not be asked, without its beginning`() async {
    let chain = chain([.mirror(acme)])
    _ = await chain.resolve(.file())
    diary.clear()
    _ = await chain.resolve(.file())
    let identity = Request.file().identity
    #expect(diary.lines == ["watch \(identity)", "note acme:miss", "end refused"])
  }

  @Test func `are told of what is refused before any source is asked`() async {
    _ = await chain([.mirror(acme)], policy: Policy(isOffline: true)).resolve(.file())
    #expect(diary.lines.dropFirst() == ["end offline"])
  }

  @Test func `are told of what the store has at once, and not of what it has not`() async throws {
    let chain = chain([.store, .origin(origin)])
    origin.script(Request.file().identity, .text("abc"))
    #expect(chain.resolveLocally(.file()) == nil)
    #expect(diary.lines == [])
    _ = await chain.resolve(.file())
    diary.clear()
    _ = try #require(chain.resolveLocally(.file()))
    let identity = Request.file().identity
    #expect(diary.lines == ["watch \(identity)", "note store:hit", "end served"])
  }

  @Test func `are told of the end of what was cancelled`() async {
    let gate = Gate()
    origin.script(Request.file().identity, .pieces(["a", "b"], waitingAt: [gate]))
    let chain = chain([.origin(origin)])
    let task = Task { await chain.resolve(.file()) }
    await gate.waitForRequests(1)
    task.cancel()
    gate.open()
    _ = await task.value
    #expect(diary.lines.last == "end unavailable")
    #expect(diary.lines.count { $0.hasPrefix("end") } == 1)
  }

  @Test func `surround the asking, the first one outermost`() async {
    let seen = Mutex<[String]>([])
    let mirror = InMemoryMirror(
      "acme",
      otherwise: ScriptedFinding { sink throws(MirrorError) in
        seen.withLock { $0 = Nesting.names }
        try sink.receive(Array("abc".utf8), as: Content(size: 3))
        return .content(Content(size: 3))
      })
    let chain = FallbackChain(
      [.mirror(mirror)], store: store, observers: [Nesting(name: "outer"), Nesting(name: "inner")])
    #expect(await chain.resolve(.file()).text == "abc")
    #expect(seen.withLock { $0 } == ["outer", "inner"])
  }
}

/// Writes down every call.
private final class Diary: Observer, RequestObserver {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  var notes: [String] {
    lines.filter { $0.hasPrefix("note ") }.map { String($0.dropFirst(5)) }
  }

  func clear() { kept.withLock { $0 = [] } }

  private func write(_ line: String) { kept.withLock { $0.append(line) } }

  func watch(
    _ request: Request, since start: ContinuousClock.Instant
  ) -> any RequestObserver {
    write("watch \(request.identity)")
    return self
  }

  func begin(_ source: String) { write("begin \(source)") }

  nonisolated(nonsending) func carry<Answer: Sendable, Failure: Error>(
    _ work: nonisolated(nonsending) () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    write("carry")
    defer { write("carried") }
    return try await work()
  }

  func note(_ attempt: Attempt) { write("note \(attempt.source):\(attempt.outcome.rawValue)") }

  func end(_ resolution: Resolution) {
    write("end \(LedgerEntry(.file(), resolution, time: 0).outcome)")
  }
}

/// Keeps in a task-local value which observers the work is within.
private struct Nesting: Observer, RequestObserver {
  @TaskLocal static var names: [String] = []

  let name: String

  func watch(
    _ request: Request, since start: ContinuousClock.Instant
  ) -> any RequestObserver { self }

  nonisolated(nonsending) func carry<Answer: Sendable, Failure: Error>(
    _ work: nonisolated(nonsending) () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let result: Result<Answer, Failure> = await Self.$names.withValue(Self.names + [name]) {
      do throws(Failure) {
        return .success(try await work())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  func note(_ attempt: Attempt) {}

  func end(_ resolution: Resolution) {}
}
