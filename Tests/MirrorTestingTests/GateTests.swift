import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct GateTests {
  @Test func `holds requests until it is opened, and none after that`() async throws {
    try await FaultServer.run { server in
      let gate = Gate()
      server.script("/a", .gated(gate, .empty))
      async let first = RawClient.exchange(server, "GET /a")
      async let second = RawClient.exchange(server, "GET /a")
      await gate.waitForRequests(2)
      #expect(gate.waiting == 2)
      gate.open()
      let statuses = try await [first.status, second.status]
      #expect(statuses == [200, 200])
      #expect(gate.waiting == 0)
      #expect(try await RawClient.exchange(server, "GET /a").status == 200)
    }
  }

  @Test func `forgets clients that hang up`() async throws {
    try await FaultServer.run { server in
      let gate = Gate()
      server.script("/a", .gated(gate, .empty))
      let client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      await gate.waitForRequests(1)
      try await client.close()
      await server.waitForOpenConnections(atMost: 0)
      #expect(gate.waiting == 0)
    }
  }

  @Test func `stops waiting when the task is cancelled`() async {
    let gate = Gate()
    let task = Task { await gate.waitForRequests(1) }
    task.cancel()
    await task.value
    #expect(gate.waiting == 0)
  }
}
