import Foundation
import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@Suite struct RunLedgerTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/ledger.jsonl"
  }

  private func lines() -> [Substring] {
    (folder.text(of: "ledger.jsonl") ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func `writes one whole line per record, 200 at once`() async throws {
    let ledger = try RunLedger(at: path)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let attempt = Attempt(
            source: "acme", outcome: .miss, detail: String(repeating: "é\n", count: number))
          ledger.record(.file("\(number)"), .missed(Reply(status: 404), [attempt]))
        }
      }
    }
    let lines = lines()
    #expect(lines.count == 201)
    #expect(lines.last == "")
    let entries = try lines.dropLast().map {
      try JSONDecoder().decode(LedgerEntry.self, from: Data($0.utf8))
    }
    let names = Set(entries.map(\.identity))
    #expect(names == Set((0..<200).map { "https://files.example/\($0)" }))
    #expect(entries.allSatisfy { $0.outcome == "missed" && $0.attempts.count == 1 })
    #expect(ledger.soFar.lostLines == 0)
  }

  @Test func `says what was served and who was asked`() async throws {
    let mirror = InMemoryMirror("acme", otherwise: .text("abc", as: Content(location: "acme:a")))
    let chain = FallbackChain([.mirror(mirror)], store: try Store(at: "\(folder.path)/store"))
    var request = Request.file()
    request.attributes = ["requires-python": ">=3"]
    let ledger = try RunLedger(at: path)
    ledger.record(request, await chain.resolve(request))
    let line = try #require(lines().first)
    let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(line.utf8))
    #expect(entry.ecosystem == "web")
    #expect(entry.identity == request.identity)
    #expect(entry.package == "pkg:generic/tool.tgz")
    #expect(entry.origin == "https://files.example/tool.tgz")
    #expect(entry.outcome == "served")
    #expect(entry.source == "acme")
    #expect(entry.digest == Digest.of("abc").description)
    #expect(entry.size == 3)
    #expect(entry.location == "acme:a")
    #expect(entry.attributes == ["requires-python": ">=3"])
    #expect(entry.changes == nil)
    #expect(entry.attempts.map(\.source) == ["acme"])
    #expect(entry.time > 1_700_000_000)
  }

  @Test(arguments: ["\"\\/\u{8}\u{C}\n\r\t", "\u{0}\u{1F}\u{7F}\u{2028}", "é☃👩‍👧", "{\"a\":[1]}"])
  func `keeps hostile words to the letter, on one line`(words: String) throws {
    let ledger = try RunLedger(at: path)
    var request = Request.file()
    request.attributes = [words: words]
    let attempt = Attempt(source: words, outcome: .denied, detail: words, milliseconds: 7)
    ledger.record(request, .failed(MirrorError(.denied, words), [attempt]))
    #expect(lines().count == 2)
    let line = try #require(lines().first)
    let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(line.utf8))
    #expect(entry.message == words)
    #expect(entry.attributes == [words: words])
    #expect(entry.attempts == [attempt])
  }

  @Test func `says why something was not served`() throws {
    let ledger = try RunLedger(at: path)
    ledger.record(.file(), .failed(MirrorError(.denied, "acme answered 403"), []))
    let line = try #require(lines().first)
    let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(line.utf8))
    #expect(entry.outcome == "denied")
    #expect(entry.message == "acme answered 403")
    #expect(entry.source == nil)
  }

  @Test(arguments: [(false, "passed"), (true, "refused")])
  func `keeps connections that it could not read`(wasRefused: Bool, outcome: String) throws {
    let ledger = try RunLedger(at: path)
    ledger.recordOpaque(host: "h.example", port: 443, wasRefused: wasRefused)
    let line = try #require(lines().first)
    let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(fields?["opaque"] as? String == "h.example:443")
    #expect(fields?["outcome"] as? String == outcome)
    #expect(ledger.soFar.opaque == (wasRefused ? [:] : ["h.example:443": 1]))
    #expect(ledger.soFar.refusedConnections == (wasRefused ? ["h.example:443": 1] : [:]))
  }

  @Test func `adds to what is in the file`() throws {
    try folder.write("ledger.jsonl", "{\"opaque\":\"before\"}\n")
    try RunLedger(at: path).record(.file(), .missed(nil, []))
    #expect(lines().first == "{\"opaque\":\"before\"}")
    #expect(lines().count == 3)
  }

  @Test func `hands each entry on after it was written`() throws {
    let seen = Mutex<[Int]>([])
    let folder = folder
    let ledger = try RunLedger(at: path) { _ in
      let text = folder.text(of: "ledger.jsonl") ?? ""
      seen.withLock { $0.append(text.split(separator: "\n").count) }
    }
    ledger.record(.file("a"), .missed(nil, []))
    ledger.record(.file("b"), .missed(nil, []))
    #expect(seen.withLock { $0 } == [1, 2])
  }

  @Test func `cannot be opened where there is no folder`() {
    let error = #expect(throws: MirrorError.self) { try RunLedger(at: "\(path)/none/ledger") }
    #expect(error?.code == .misconfigured)
  }
}
