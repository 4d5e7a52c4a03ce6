import GoFixtures
import MirrorCore
import MirrorGo
import MirrorTesting
import Testing

/// What the go command sees of the gateway, through real sockets.
@Suite(.timeLimit(.minutes(2))) struct GoGatewayTests {
  private static let module = GoModule(
    "example.test/Upper/demo", "v1.0.0", files: ["a.go": "package demo\n"])
  private static let root = "/go/example.test/%21upper/demo"
  private static let zipPath = "\(root)/@v/v1.0.0.zip"
  private static let zipName = "example.test/!upper/demo/@v/v1.0.0.zip"

  private func text(_ answer: ToolClient.Answer) -> String {
    String(decoding: answer.body, as: UTF8.self)
  }

  @Test(arguments: [
    ("/@v/list", "v1.0.0\n"),
    ("/@v/v1.0.0.info", #"{"Time":"2024-01-02T03:04:05Z","Version":"v1.0.0"}"#),
    ("/@v/v1.0.0.mod", "module example.test/Upper/demo\n\ngo 1.17\n"),
  ])
  func `gives the documents of a module, and records each`(
    path: String, expected: String
  ) async throws {
    try await GatewayFixture.run { mirror, _ in
      mirror.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      return GatewayFixture.Plan()
    } body: { fixture in
      let answer = try await fixture.tool.ask(Self.root + path)
      #expect(answer.status == 200)
      #expect(text(answer) == expected)
      _ = await fixture.nextEntry()
      let entry = try #require(fixture.ledger.soFar.lock.entries.first)
      #expect(entry.identity == "example.test/!upper/demo\(path)")
      #expect(entry.changes == path.hasSuffix("list"))
      #expect(entry.origin == nil)
      let sum = path.hasSuffix(".mod") ? Self.module.sums[1].split(separator: " ").last : nil
      #expect(entry.attributes["sum"] == sum.map { String($0) })
    }
  }

  @Test func `records the sum of a zip as go has it in go.sum`() async throws {
    try await GatewayFixture.run { mirror, _ in
      mirror.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      return GatewayFixture.Plan()
    } body: { fixture in
      let answer = try await fixture.tool.ask(Self.zipPath)
      #expect(answer.body == Self.module.zip)
      _ = await fixture.nextEntry()
      let entry = try #require(fixture.ledger.soFar.lock.entries.first)
      #expect(entry.identity == Self.zipName)
      #expect(entry.attributes["sum"].map { Self.module.sums[0].hasSuffix($0) } == true)
    }
  }

  // MARK: Outcomes

  @Test(arguments: [404, 410])
  func `a miss of everybody is a 404 in plain text`(status: Int) async throws {
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(.status(status))
      origin.setDefault(.status(status))
      return GatewayFixture.Plan()
    } body: { fixture in
      let answer = try await fixture.tool.ask("\(Self.root)/@latest")
      #expect(answer.status == 404)
      #expect(answer.headers["content-type"]?.hasPrefix("text/plain") == true)
      _ = await fixture.nextEntry()
      let entry = try #require(fixture.ledger.soFar.lock.entries.first)
      #expect(entry.state == .absent && entry.changes)
    }
  }

  @Test(arguments: ["/@v/list", "/@latest", "/@v/main.info", "/@v/v1.0.0.mod", "/@v/v1.0.0.zip"])
  func `an outage is a 503 with its reason in plain text, never a miss`(path: String) async throws {
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(.status(500))
      origin.setDefault(.status(404))
      return GatewayFixture.Plan()
    } body: { fixture in
      let answer = try await fixture.tool.ask(Self.root + path)
      #expect(answer.status == 503)
      #expect(answer.headers["content-type"]?.hasPrefix("text/plain") == true)
      #expect(text(answer).hasPrefix("mirror: example.test/!upper/demo\(path): acme"))
      #expect(fixture.ledger.soFar.lock.isEmpty)
    }
  }

  @Test func `a mirror that serves pages for everything is passed by`() async throws {
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(.html())
      origin.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      return GatewayFixture.Plan()
    } body: { fixture in
      for path in ["/@v/list", "/@v/v1.0.0.info", "/@v/v1.0.0.mod", "/@v/v1.0.0.zip"] {
        let answer = try await fixture.tool.ask(Self.root + path)
        #expect(answer.status == 200, "\(path): \(text(answer))")
        #expect(!text(answer).contains("<"))
      }
    }
  }

  @Test func `half a file of one proxy of the user's list is not continued at the next`()
    async throws
  {
    try await GatewayFixture.run { mirror, origin in
      let zip = Self.module.zip
      mirror.setDefault(.truncated(Self.other.zip, after: 100, etag: "v1"))
      origin.script(Self.zipPath, .file(zip, etag: "v1"))
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      plan.environment["GOPROXY"] = "\(mirror.url)/go|\(origin.url)/go"
      return plan
    } body: { fixture in
      let answer = try await fixture.tool.ask(Self.zipPath)
      #expect(answer.body == Self.module.zip)
      // At the first it was continued, as often as it broke off.
      #expect(fixture.mirror.requests.last?.headers["Range"] == "bytes=100-")
      #expect(fixture.origin.requests.map { $0.headers["Range"] } == [nil])
    }
  }

  // MARK: Sums

  private static let other = GoModule(
    "example.test/Upper/demo", "v1.0.0", files: ["a.go": "package demo // tampered with\n"])

  /// A resolver that knows the sums of the right module.
  private func informed(_ folder: TemporaryFolder) throws -> GoResolver {
    let path = try folder.write("go.sum", Self.module.sums.map { "\($0)\n" }.joined())
    let resolver = GoResolver()
    _ = resolver.redirection(
      to: GatewayAddress(host: "127.0.0.1", port: 1, token: nil),
      in: Surroundings(environment: ["MIRROR_GOSUM": path, "GOENV": "off"]),
      scratch: "/nowhere")
    return resolver
  }

  @Test(arguments: [Source.Mode.bestEffort, .gatekeeper])
  func `a sound zip of other files is corrupt where go.sum says what it must be`(
    mode: Source.Mode
  ) async throws {
    let resolver = try informed(try TemporaryFolder())
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(GoModuleTree([Self.other]).answer(below: "/go/"))
      origin.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      var plan = GatewayFixture.Plan()
      plan.go = resolver
      plan.mode = mode
      return plan
    } body: { fixture in
      let answer = try await fixture.tool.ask(Self.zipPath)
      if mode == .bestEffort {
        #expect(answer.status == 200 && answer.body == Self.module.zip)
      } else {
        #expect(answer.status == 502)
        #expect(text(answer).contains("expected h1:"))
      }
      let entry = try #require(await fixture.nextEntry())
      #expect(entry.incidents.count == 2)
      #expect(try fixture.store.check(ContentHash.sha256(of: Self.other.zip)) == false)
    }
  }

  @Test func `a look-up in a checksum database holds for the zip that follows`() async throws {
    let database = ChecksumDatabase("sum.example.test", [Self.module])
    let files = try database.files()
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(GoModuleTree([Self.other]).answer(below: "/go/"))
      var tree = GoModuleTree([Self.module]).files
      tree["sumdb/sum.example.test/supported"] = []
      for (path, bytes) in files { tree["sumdb/sum.example.test/\(path)"] = bytes }
      origin.setDefault(.tree(tree, below: "/go/"))
      return GatewayFixture.Plan()
    } body: { fixture in
      let path = "/go/sumdb/sum.example.test/lookup/example.test/%21upper/demo@v1.0.0"
      let lookup = try await fixture.tool.ask(path)
      #expect(lookup.status == 200)
      #expect(text(lookup).contains(Self.module.sums[0]))
      let tile = try await fixture.tool.ask("/go/sumdb/sum.example.test/tile/8/0/000.p/1")
      #expect(tile.body.count == 32)
      let answer = try await fixture.tool.ask(Self.zipPath)
      #expect(answer.body == Self.module.zip)
      for _ in 0..<3 { _ = await fixture.nextEntry() }
      let changing = fixture.ledger.soFar.lock.entries.filter(\.changes).map(\.identity)
      #expect(
        changing == ["sumdb/sum.example.test/lookup/example.test/!upper/demo@v1.0.0"])
    }
  }

  // MARK: Policy

  @Test func `an owned module and its sums are asked of the owner alone`() async throws {
    try await GatewayFixture.run { mirror, origin in
      origin.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      var plan = GatewayFixture.Plan()
      plan.isOwner = true
      plan.policy.owned = [.go: try OwnedNames(["example.test/Upper/*"])]
      return plan
    } body: { fixture in
      for path in [
        "\(Self.root)/@v/list", Self.zipPath, "\(Self.root)/@latest",
        "/go/sumdb/sum.example.test/lookup/example.test/%21upper/demo@v1.0.0",
      ] {
        let answer = try await fixture.tool.ask(path)
        #expect(answer.status == 404)
      }
      #expect(fixture.mirror.requests.count == 4)
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `a frozen run gives what is in the lock, and refuses the rest with a reason`()
    async throws
  {
    try await GatewayFixture.run { mirror, origin in
      mirror.setDefault(GoModuleTree([Self.module]).answer(below: "/go/"))
      var plan = GatewayFixture.Plan()
      plan.policy.isLocked = true
      plan.lock = Lockfile([
        LockEntry(
          ecosystem: .go, identity: "example.test/!upper/demo/@v/list",
          state: .present(ContentHash.sha256(of: "v1.0.0\n".utf8), size: 7), changes: true),
        LockEntry(
          ecosystem: .go, identity: "example.test/!upper/demo/@latest", state: .absent,
          changes: true),
      ])
      return plan
    } body: { fixture in
      let list = try await fixture.tool.ask("\(Self.root)/@v/list")
      #expect(list.status == 200 && text(list) == "v1.0.0\n")
      let latest = try await fixture.tool.ask("\(Self.root)/@latest")
      #expect(latest.status == 404)
      let other = try await fixture.tool.ask("\(Self.root)/@v/v1.0.0.info")
      #expect(other.status == 403)
      #expect(text(other).contains("not in the lock"))
      #expect(fixture.mirror.requests.map(\.path) == ["\(Self.root)/@v/list"])
    }
  }
}
