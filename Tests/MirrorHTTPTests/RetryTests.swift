import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  private static let file = Array("0123456789".utf8)

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
  func `asks four times where the status may pass`(status: Int) async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(status, body: Array("why".utf8)))
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .unavailable)
        #expect(error.message.contains("\(status)"))
        #expect(error.reply?.status == status)
        #expect(error.reply?.body == Array("why".utf8))
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test(arguments: [400, 402, 405, 406, 409, 411, 412, 418, 421, 501, 505, 507, 599, 304, 305])
  func `asks once where the status will not pass`(status: Int) async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(status))
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .unavailable)
        #expect(error.message.contains("\(status)"))
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [401, 403, 407, 451])
  func `asks once where it is denied`(status: Int) async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(status, body: Array("no".utf8)))
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .denied)
        #expect(error.reply?.status == status)
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [404, 410])
  func `asks once where there is nothing`(status: Int) async throws {
    try await FaultServer.run { server in
      server.script(
        "/a", .status(status, headers: ["Content-Type": "text/plain"], body: Array("none".utf8)))
      try await HTTPTransport.run { transport in
        let finding = try await transport.get(server.url + "/a").finding
        let reply = Reply(status: status, type: "text/plain", body: Array("none".utf8))
        #expect(finding == .nothing(reply))
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [403, 500, 418])
  func `takes a source's own codes for nothing`(status: Int) async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(status))
      try await HTTPTransport.run { transport in
        let finding = try await transport.get(server.url + "/a") { $0.absentCodes = [status] }
          .finding
        #expect(finding.absence == status)
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [
    FaultAnswer.reset, .close, .garbage(Array("what?\r\n\r\n".utf8)), .truncated(file, after: 4),
    .chunkedTruncated(file, after: 4), .status(503), .status(500),
  ])
  func `is served when a failure passes`(failure: FaultAnswer) async throws {
    try await FaultServer.run { server in
      server.script("/a", failure, failure, failure, .file(Self.file))
      try await HTTPTransport.run { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text == "0123456789")
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test(arguments: [
    FaultAnswer.reset, .close, .truncated(file, after: 4), .chunkedTruncated(file, after: 4),
  ])
  func `is unavailable when it does not pass`(failure: FaultAnswer) async throws {
    try await FaultServer.run { server in
      server.script("/a", failure)
      try await HTTPTransport.run { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test func `is unavailable where nobody listens`() async throws {
    try await HTTPTransport.run { transport in
      let error = try await transport.failure(of: try FaultServer.refusedURL() + "/a")
      #expect(error.code == .unavailable)
      #expect(error.message.contains("refused"))
      #expect(error.message.hasPrefix("tool.tgz: acme "))
    }
  }

  @Test func `asks as often as its patience says`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(500))
      var patience = Patience.quick
      patience.retries = 1
      try await HTTPTransport.run(patience: patience) { transport in
        _ = try await transport.failure(of: server.url + "/a")
      }
      #expect(server.requests.count == 2)
    }
  }

  @Test func `stops when its task is cancelled`() async throws {
    try await FaultServer.run { server in
      let gate = Gate()
      server.script("/a", .gated(gate, .file(Self.file)))
      try await HTTPTransport.run { transport in
        let retrieval = Retrieval(
          try #require(Locator(server.url + "/a")), subject: "tool.tgz", source: "acme")
        let task = Task { try await transport.get(retrieval, to: FileSink()) }
        await gate.waitForRequests(1)
        task.cancel()
        let error = await #expect(throws: MirrorError.self) { try await task.value }
        #expect(error?.code == .unavailable)
      }
      #expect(server.requests.count == 1)
    }
  }
}
