import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// What a tool is given when it is not given the thing.
@Suite(.timeLimit(.minutes(2))) struct RefusalTests {
  private static let words = Array("the origin's own words\n".utf8)
  private static let type = "application/problem+json"

  private func run(
    _ change: @escaping @Sendable (inout GatewayFixture.Plan) -> Void = { _ in },
    _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    try await GatewayFixture.run { _, _ in
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      change(&plan)
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  private func text(_ answer: ToolClient.Answer) -> String {
    String(decoding: answer.body, as: UTF8.self)
  }

  // MARK: The origin's words

  @Test(arguments: [404, 410, 401, 403, 451, 400, 500, 503])
  func `is the origin's own answer where it had one`(status: Int) async throws {
    try await run { fixture in
      fixture.origin.script(
        "/a", .status(status, headers: ["Content-Type": Self.type], body: Self.words))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == status)
      #expect(answer.isComplete)
      #expect(answer.body == Self.words)
      #expect(answer.headers["content-type"] == Self.type)
      let head = try await fixture.tool.ask("\(fixture.origin.url)/a", method: "HEAD")
      #expect(head.status == status && head.body.isEmpty)
    }
  }

  @Test func `is never the answer of a mirror, nor its login page`() async throws {
    try await run { plan in
      plan.hasMirror = true
    } _: { fixture in
      let path = "/tree/127.0.0.1:\(fixture.origin.port)/a"
      fixture.mirror.script(path, .status(403, body: Array("the mirror's words".utf8)))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 403)
      #expect(!answer.isComplete)
      #expect(text(answer).hasPrefix("mirror: \(fixture.origin.url)/a: acme"))
      #expect(!text(answer).contains("the mirror's words"))
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `is a plain 404 below a path`() async throws {
    try await run { fixture in
      fixture.origin.script("/simple/demo/", .status(404, body: Self.words))
      let answer = try await fixture.tool.ask("/pip/simple/demo/")
      #expect(answer.status == 404 && answer.isComplete)
      #expect(text(answer) == "mirror: not found\n")
    }
  }

  // MARK: Our words

  @Test func `breaks off before its end, so that every tool notices`() async throws {
    let url = try FaultServer.refusedURL()
    try await run { fixture in
      let answer = try await fixture.tool.ask("\(url)/a")
      #expect(answer.status == 503)
      #expect(!answer.isComplete)
      #expect(answer.headers["content-length"] == "\(answer.body.count + 1)")
      #expect(text(answer).hasPrefix("mirror: \(url)/a: origin"))
      let head = try await fixture.tool.ask("\(url)/a", method: "HEAD")
      #expect(head.status == 503 && head.body.isEmpty)
    }
  }

  @Test(arguments: [true, false])
  func `says that something is not in the store of an offline run`(isLocked: Bool) async throws {
    try await run { plan in
      plan.policy.isOffline = true
      plan.policy.isLocked = isLocked
      plan.lock = Lockfile([
        LockEntry(
          ecosystem: .init(rawValue: "web"), identity: "http://files.example/a",
          state: .present(ContentHash.sha256(of: Self.words), size: Self.words.count))
      ])
    } _: { fixture in
      let answer = try await fixture.tool.ask("http://files.example/a")
      #expect(answer.status == 403 && !answer.isComplete)
      #expect(text(answer).contains("http://files.example/a: offline, and not in the store"))
      #expect(fixture.ledger.soFar.firstFailure == .offline)
    }
  }

  @Test func `says that something is not in the lock of a locked run`() async throws {
    try await run { plan in
      plan.policy.isLocked = true
    } _: { fixture in
      fixture.origin.script("/a", .file(Self.words))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 403 && !answer.isComplete)
      #expect(text(answer).contains("not in the lock"))
      #expect(fixture.origin.requests.isEmpty)
      #expect(fixture.ledger.soFar.firstFailure == .refused)
    }
  }

  @Test(arguments: [true, false])
  func `says that a project is not in the lock`(isLocked: Bool) async throws {
    try await run { plan in
      plan.policy.isLocked = isLocked
      plan.policy.isOffline = !isLocked
    } _: { fixture in
      let answer = try await fixture.tool.ask("/pip/simple/demo/")
      #expect(answer.status == 403 && answer.isComplete)
      #expect(text(answer).contains("demo") && text(answer).contains("lock"))
      #expect(fixture.origin.requests.isEmpty)
      #expect(fixture.ledger.soFar.firstFailure == .refused)
      #expect(fixture.ledger.soFar.missed.count == 1)
    }
  }

  @Test func `is what the lock recorded as not there, in a frozen run`() async throws {
    try await run { plan in
      plan.policy.isLocked = true
      plan.lock = Lockfile([
        LockEntry(
          ecosystem: .init(rawValue: "web"), identity: "http://files.example/none", state: .absent)
      ])
    } _: { fixture in
      let answer = try await fixture.tool.ask("http://files.example/none")
      #expect(answer.status == 404 && answer.isComplete)
      #expect(fixture.ledger.soFar.firstFailure == nil)
    }
  }

  @Test func `says that nothing pins a thing in a strict run`() async throws {
    try await run { plan in
      plan.policy.isStrict = true
    } _: { fixture in
      fixture.origin.script("/a", .file(Self.words))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 403 && !answer.isComplete)
      #expect(text(answer).contains("strict"))
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `says that nobody may be asked when the chain has no origin`() async throws {
    try await run { plan in
      plan.hasMirror = true
      plan.hasOrigin = false
    } _: { fixture in
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 403 && !answer.isComplete)
      #expect(text(answer).contains("does not name the origin"))
      #expect(fixture.mirror.requests.count == 1 && fixture.origin.requests.isEmpty)
    }
  }

  @Test func `names both digests when the bytes are others than those of the lock`() async throws {
    let expected = ContentHash.sha256(of: "right".utf8)
    let got = ContentHash.sha256(of: Self.words)
    try await GatewayFixture.run { _, origin in
      origin.script("/a", .file(Self.words))
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      plan.lock = Lockfile([
        LockEntry(
          ecosystem: .init(rawValue: "web"), identity: "\(origin.url)/a",
          state: .present(expected, size: 5))
      ])
      return plan
    } body: { fixture in
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 502 && !answer.isComplete)
      #expect(text(answer).contains(expected.hex) && text(answer).contains(got.hex))
      #expect(!text(answer).contains("own words"))
    }
  }
}
