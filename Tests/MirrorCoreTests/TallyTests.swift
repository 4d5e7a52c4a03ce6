import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@Suite struct TallyTests {
  private let folder: TemporaryFolder
  private let ledger: RunLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try RunLedger(at: "\(folder.path)/ledger.jsonl")
  }

  private func served(_ text: String, by name: String) async throws -> Resolution {
    let chain = FallbackChain(
      [.mirror(InMemoryMirror(name, otherwise: .text(text)))],
      store: try Store(at: "\(folder.path)/\(name)"))
    return await chain.resolve(.file(text))
  }

  @Test func `counts a thing once, however often it is served`() async throws {
    let one = try await served("abc", by: "acme")
    let two = try await served("wxyz", by: "origin")
    for resolution in [one, two, one] {
      ledger.record(.file(resolution.text ?? ""), resolution)
    }
    #expect(ledger.soFar.artifacts == 2)
    #expect(ledger.soFar.bytes == 7)
    #expect(ledger.soFar.served == ["acme": 1, "origin": 1])
    #expect(ledger.soFar.lock.entries.map(\.bytes?.digest) == [.of("abc"), .of("wxyz")])
  }

  @Test func `keeps no look-up that may change in the lock`() async throws {
    ledger.record(.file("a", changes: true), try await served("abc", by: "acme"))
    ledger.record(.file("b", changes: true), .missed(nil, []))
    #expect(ledger.soFar.lock.isEmpty)
    #expect(ledger.soFar.artifacts == 0)
  }

  @Test func `keeps a look-up that is to be repeated as it was`() async throws {
    var request = Request.file("index", changes: true)
    request.isRecorded = true
    ledger.record(request, try await served("abc", by: "acme"))
    let entry = ledger.soFar.lock.entries.first
    #expect(entry?.bytes?.digest == .of("abc"))
    #expect(entry?.changes == true)
  }

  @Test func `locks what was authentically not there`() {
    ledger.record(.file(), .missed(Reply(status: 404), []))
    #expect(ledger.soFar.lock.entries.map(\.state) == [.absent])
    #expect(ledger.soFar.firstFailure == nil)
  }

  @Test func `keeps the first of two digests of one name, and says so once`() async throws {
    let said = Mutex<[String]>([])
    let ledger = try RunLedger(at: "\(folder.path)/ledger.jsonl") { entry in
      if let message = entry.message { said.withLock { $0.append(message) } }
    }
    ledger.record(.file(), try await served("one", by: "acme"))
    for _ in 0..<2 { ledger.record(.file(), try await served("other", by: "origin")) }
    let tally = ledger.soFar
    #expect(tally.lock.entries.map(\.bytes?.digest) == [.of("one")])
    #expect(tally.artifacts == 1)
    #expect(tally.incidents.count == 1)
    #expect(tally.firstFailure == nil)
    let line = try #require(tally.incidents.first)
    for word in ["tool.tgz", "origin", Digest.of("one").hex, Digest.of("other").hex] {
      #expect(line.contains(word))
    }
    #expect(said.withLock { $0 } == [line])
    let text = String(
      decoding: try #require(try Disk.read("\(folder.path)/ledger.jsonl")), as: UTF8.self)
    #expect(text.contains(line))
  }

  @Test func `keeps what was served although it is not there later`() async throws {
    ledger.record(.file(), .missed(nil, []))
    ledger.record(.file(), try await served("abc", by: "acme"))
    ledger.record(.file(), .missed(nil, []))
    #expect(ledger.soFar.lock.entries.map(\.bytes?.digest) == [.of("abc")])
    #expect(ledger.soFar.incidents.isEmpty)
  }

  @Test func `keeps the last of what a look-up gave`() async throws {
    var request = Request.file("index", changes: true)
    request.isRecorded = true
    ledger.record(request, try await served("one", by: "acme"))
    ledger.record(request, try await served("other", by: "acme2"))
    #expect(ledger.soFar.lock.entries.map(\.bytes?.digest) == [.of("other")])
    #expect(ledger.soFar.incidents.isEmpty)
  }

  @Test func `locks the origin where it is not the identity`() {
    var request = Request.file()
    ledger.record(request, .missed(nil, []))
    request.identity = "pkg:generic/tool"
    ledger.record(request, .missed(nil, []))
    let origins = ledger.soFar.lock.entries.map(\.origin)
    #expect(origins == [nil, "https://files.example/tool.tgz"])
  }

  @Test func `names each failure once and keeps the first code`() {
    for code in [MirrorError.Code.denied, .unavailable] {
      for _ in 0..<2 {
        ledger.record(.file(code.rawValue), .failed(MirrorError(code, "no \(code.rawValue)"), []))
      }
    }
    #expect(ledger.soFar.missed == ["no denied", "no unavailable"])
    #expect(ledger.soFar.firstFailure == .denied)
    #expect(ledger.soFar.lock.isEmpty)
  }

  @Test func `counts corrupt answers even where another source served`() async throws {
    guard case .satisfied(let delivery, _) = try await served("abc", by: "origin") else {
      Issue.record("was not served")
      return
    }
    let attempts = [
      Attempt(source: "acme", outcome: .corrupt, detail: "gave other bytes"),
      Attempt(source: "origin", outcome: .hit),
    ]
    ledger.record(.file(), .satisfied(delivery, attempts))
    #expect(ledger.soFar.incidents == ["acme: gave other bytes"])
    #expect(ledger.soFar.firstFailure == nil)
  }
}
