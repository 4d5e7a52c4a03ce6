import GoFixtures
import MirrorCore
import MirrorGateway
import MirrorHTTP
import MirrorTesting
import Testing

/// The table that must pass: every fault, for every way of asking, through real sockets.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ChainTableTests {
  private static let wheel = Subject(
    name: "demo-1.0-py3-none-any.whl", good: Array("the right bytes\n".utf8).repeated(400))
  private static let module = Subject(
    name: "v1.0.0.zip",
    good: GoModule(
      "example.test/demo", "v1.0.0",
      files: [
        "hashes.go": (0..<200).map { "// \(ContentHash.sha256(of: "\($0)".utf8))\n" }.joined()
      ]
    ).zip)
  private static let package = Subject(
    name: "demo_1.0_all.deb", good: Array("the right bytes\n".utf8).repeated(400))
  private static let pool = "/debian/pool/main/d/demo"
  private static let moduleFolder = "example.test/demo/@v"

  /// The file that is asked for: its name, its bytes, and wrong ones of equal length.
  private struct Subject {
    var name: String
    var good: [UInt8]
    var wrong: [UInt8] {
      Array(Array("the wrong bytes\n".utf8).repeated(good.count / 16 + 1).prefix(good.count))
    }
  }

  private func subject(_ cell: Cell) -> Subject {
    switch cell.ecosystem {
    case .go: Self.module
    case .apt: Self.package
    case .web, .pip: Self.wheel
    }
  }

  /// The file's path at the origin.
  private func originPath(_ cell: Cell) -> String {
    switch cell.ecosystem {
    case .go: "/go/\(Self.moduleFolder)/\(Self.module.name)"
    case .apt: "\(Self.pool)/\(Self.package.name)"
    case .web, .pip: "/\(Self.wheel.name)"
    }
  }

  @Test(arguments: Cell.all)
  func `gives the expected outcome and never wrong pinned bytes`(cell: Cell) async throws {
    try await FaultServer.run(tls: .trusted) { secure in
      try await FaultServer.run { elsewhere in
        try await TemporaryFolder.with { folder in
          let authority = "\(folder)/ca.pem"
          try Disk.replace(authority, with: FaultServer.certificateAuthorityPEM.utf8)
          try await GatewayFixture.run { mirror, origin in
            let first = cell.fault == .httpsToHTTP ? secure : mirror
            try script(first, origin, elsewhere, for: cell)
            return try plan(for: cell, first, origin, authority: authority)
          } body: { fixture in
            try await verify(cell, in: fixture, secure, elsewhere)
          }
        }
      }
    }
  }

  // MARK: Circumstances

  private func plan(
    for cell: Cell, _ first: FaultServer, _ origin: FaultServer, authority: String
  ) throws -> GatewayFixture.Plan {
    var plan = GatewayFixture.Plan()
    plan.mode = cell.isGatekeeper ? .gatekeeper : .bestEffort
    plan.hasOrigin = cell.hasOrigin
    plan.credential = .environment("ACME_TOKEN")
    plan.environment = ["ACME_TOKEN": "s3cret"]
    plan.certificateAuthorities = authority
    if cell.fault == .hang {
      plan.patience.firstByte = .seconds(1)
      plan.patience.budget = .seconds(1)
    }
    switch cell.ecosystem {
    case .web, .go, .apt:
      let home = cell.fault == .refused ? try FaultServer.refusedURL() : first.url
      let folders = ["go": "go", "apt": "debian", "web": "tree/"]
      plan.mirrorURL = "\(home)/\(folders[cell.ecosystem.rawValue] ?? "")"
      guard cell.isPinned else { return plan }
      let good = subject(cell).good
      plan.lock = Lockfile([
        LockEntry(
          ecosystem: .init(rawValue: cell.ecosystem.rawValue),
          identity: cell.ecosystem == .go
            ? "\(Self.moduleFolder)/\(Self.module.name)" : "\(origin.url)\(originPath(cell))",
          state: .present(ContentHash.sha256(of: good), size: good.count))
      ])
    case .pip:
      plan.mirrorURL = "\(first.url)/simple/"
    }
    return plan
  }

  private func script(
    _ first: FaultServer, _ origin: FaultServer, _ elsewhere: FaultServer, for cell: Cell
  ) throws {
    let subject = subject(cell)
    elsewhere.script("/moved", .file(subject.good))
    origin.script(originPath(cell), .file(subject.good))
    switch cell.ecosystem {
    case .web:
      script(first, "/tree/127.0.0.1:\(origin.port)/\(subject.name)", cell, elsewhere)
    case .go, .apt:
      script(first, originPath(cell), cell, elsewhere)
    case .pip:
      let home = cell.fault == .refused ? try FaultServer.refusedURL() : first.url
      first.script("/simple/demo/", page(linking: "\(home)/\(subject.name)", cell))
      origin.script("/simple/demo/", page(linking: "/\(subject.name)", cell))
      script(first, "/\(subject.name)", cell, elsewhere)
    }
  }

  private func script(
    _ server: FaultServer, _ path: String, _ cell: Cell, _ elsewhere: FaultServer
  ) {
    let (good, wrong) = (subject(cell).good, subject(cell).wrong)
    switch cell.fault {
    case .ok, .refused: server.script(path, .file(good))
    case .notFound: server.script(path, .status(404))
    case .gone: server.script(path, .status(410))
    case .unauthorized: server.script(path, .status(401))
    case .forbidden: server.script(path, .status(403))
    case .tooManyRequests: server.script(path, .status(429))
    case .serverError: server.script(path, .status(500))
    case .overloaded: server.script(path, .status(503))
    case .hang: server.script(path, .hang)
    case .truncated: server.script(path, .truncated(good, after: 1000))
    case .wrongBytes: server.script(path, .file(wrong))
    case .htmlPage: server.script(path, .html())
    case .empty: server.script(path, .empty)
    case .redirectElsewhere, .httpsToHTTP:
      server.script(path, .redirect(to: "\(elsewhere.url)/moved"))
    case .wrongContentRange:
      server.script(
        path, .truncated(good, after: 1000, etag: "v1"),
        .wrongContentRange(good, etag: "v1"), .file(good, etag: "v1"))
    case .changedBetweenAttempts:
      server.script(
        path, .truncated(wrong, after: 1000, etag: "v1"), .file(good, etag: "v2"))
    }
  }

  private func page(linking url: String, _ cell: Cell) -> FaultAnswer {
    let fragment = cell.isPinned ? "#sha256=\(ContentHash.sha256(of: subject(cell).good).hex)" : ""
    let html = "<html><body><a href=\"\(url)\(fragment)\">\(subject(cell).name)</a></body></html>"
    return .status(200, headers: ["Content-Type": "text/html"], body: Array(html.utf8))
  }

  // MARK: Proof

  private func verify(
    _ cell: Cell, in fixture: GatewayFixture, _ secure: FaultServer, _ elsewhere: FaultServer
  ) async throws {
    let (good, wrong) = (subject(cell).good, subject(cell).wrong)
    let target = try await target(cell, in: fixture)
    var answer = try await fixture.tool.ask(target)
    if cell.isPinned {
      #expect(!answer.body.contains(wrong.prefix(16)) || answer.status != 200)
    }
    if cell.fault == .changedBetweenAttempts, !cell.isPinned, !answer.isComplete {
      // The bytes that were already given are not those of the file now: the tool sees a broken
      // transfer, and is served when it asks again.
      answer = try await fixture.tool.ask(target)
    }
    switch cell.expectation {
    case .bytes:
      #expect(answer.status == 200 && answer.isComplete)
      #expect(answer.body == good)
    case .otherBytes:
      #expect(answer.status == 200 && answer.body == wrong)
    case .refusal(let status, _):
      // What is shown while it comes has its status before it can break off.
      let brokeOff = cell.fault == .truncated && !cell.isPinned && !cell.hasOwnCheck
      #expect(answer.status == (brokeOff ? 200 : status))
      #expect(!(brokeOff && answer.isComplete))
      #expect(!answer.body.contains(wrong.prefix(16)))
      #expect(try fixture.store.check(ContentHash.sha256(of: wrong)) == false)
    }
    try await verifyLedger(cell, in: fixture)
    verifyRequests(cell, in: fixture, secure, elsewhere)
  }

  private func target(_ cell: Cell, in fixture: GatewayFixture) async throws -> String {
    switch cell.ecosystem {
    case .web:
      return "http://127.0.0.1.http.mirror.invalid:\(fixture.origin.port)/\(Self.wheel.name)"
    case .go: return "/go/\(Self.moduleFolder)/\(Self.module.name)"
    case .apt: return "/apt/http/127.0.0.1:\(fixture.origin.port)\(originPath(cell))"
    case .pip: break
    }
    let page = try await fixture.tool.ask("/pip/simple/demo/")
    let html = String(decoding: page.body, as: UTF8.self)
    let link = try #require(html.firstMatch(of: /href="\.\.\/\.\.\/([^"#]+)/)).1
    return "/pip/\(link)"
  }

  private func verifyLedger(_ cell: Cell, in fixture: GatewayFixture) async throws {
    let entry = try #require(await fixture.nextFetchEntry())
    #expect(entry.attempts.first?.source == "acme")
    #expect(entry.attempts.first?.outcome == cell.firstOutcome)
    switch cell.expectation {
    case .bytes(let source): #expect(entry.outcome == "served" && entry.source == source)
    case .otherBytes: #expect(entry.outcome == "served" && entry.source == "acme")
    case .refusal(_, let code): #expect(entry.outcome == code && entry.digest == nil)
    }
    #expect(try Disk.read(fixture.ledgerPath).map { !$0.contains(Array("s3cret".utf8)) } == true)
  }

  private func verifyRequests(
    _ cell: Cell, in fixture: GatewayFixture, _ secure: FaultServer, _ elsewhere: FaultServer
  ) {
    let first = cell.fault == .httpsToHTTP ? secure : fixture.mirror
    let asked = first.requests.filter { $0.path.hasSuffix(subject(cell).name) }
    #expect(cell.requestsAtMirror.contains(asked.count))
    #expect(asked.allSatisfy { $0.headers["Authorization"] == "Bearer s3cret" })
    #expect(elsewhere.requests.allSatisfy { $0.headers["Authorization"] == nil })
    let atOrigin = fixture.origin.requests(to: originPath(cell)).count
    #expect(atOrigin == (cell.expectation == .bytes(from: "origin") ? 1 : 0))
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] {
    Array(repeatElement(self, count: count).joined())
  }
}
