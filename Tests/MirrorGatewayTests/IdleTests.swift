import MirrorCore
import MirrorTesting
import Testing

/// Connections that nobody uses.
@Suite(.timeLimit(.minutes(1))) struct IdleTests {
  private func run(_ body: @Sendable (GatewayFixture) async throws -> Void) async throws {
    try await GatewayFixture.run { _, _ in
      var plan = GatewayFixture.Plan()
      plan.idleLimit = .seconds(1)
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
      let request = "GET /none HTTP/1.1\r\nHost: test\r\n\r\n"
      try connection.send(request + request)
      #expect(await rest(of: connection).split(separator: "HTTP/1.1 404 ").count == 2)
    }
  }

  @Test func `do not end while an answer takes its time`() async throws {
    try await run { fixture in
      let gate = Gate()
      fixture.origin.script("/a", .gated(gate, .file(Array("12345".utf8))))
      async let asked = fixture.tool.ask("\(fixture.origin.url)/a")
      await gate.waitForRequests(1)
      // One that began after it has reached its end.
      #expect(await rest(of: try RawConnection(port: fixture.address.port)).isEmpty)
      gate.open()
      let answer = try await asked
      #expect(answer.status == 200 && answer.body == Array("12345".utf8))
    }
  }
}
