import MirrorCore
import MirrorTesting
import Testing

/// Connections that nobody uses.
@Suite(.timeLimit(.minutes(1))) struct IdleTests {
  private func run(_ body: @Sendable (GatewayFixture) async throws -> Void) async throws {
    try await GatewayFixture.run { _, _ in
      var plan = GatewayFixture.Plan()
      plan.idleLimit = .milliseconds(500)
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  /// Reads to the end, which the gateway must make: the connection itself waits for half a minute.
  private func rest(of connection: RawConnection) async -> String {
    let start = ContinuousClock.now
    let bytes = await connection.readToEnd()
    #expect(ContinuousClock.now - start < .seconds(20))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: ["", "GET / HTTP/1.1\r\nHost:"])
  func `end when no request comes`(beginning: String) async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      try connection.send(beginning)
      #expect(await rest(of: connection).isEmpty)
    }
  }

  @Test func `end some time after the last answer`() async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      for _ in 0..<2 { try connection.ask("/none") }
      #expect(await rest(of: connection).split(separator: "HTTP/1.1 404 ").count == 2)
    }
  }

  @Test func `do not end while an answer takes its time`() async throws {
    try await run { fixture in
      fixture.origin.script("/a", .drip(Array("12345".utf8), chunk: 1, every: .milliseconds(150)))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a")
      #expect(answer.status == 200 && answer.body == Array("12345".utf8))
    }
  }
}
