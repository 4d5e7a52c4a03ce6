import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// The ends of every wait; each of these tests takes as long as the limit that it is about.
@Suite(.timeLimit(.minutes(1))) struct PatienceTests {
  private static let file = Array("0123456789".utf8)

  private static func limited(_ change: (inout Patience) -> Void) -> Patience {
    var patience = Patience.quick
    change(&patience)
    return patience
  }

  @Test func `asks a silent server no longer than its budget lasts`() async throws {
    let patience = Self.limited {
      $0.firstByte = .milliseconds(200)
      $0.budget = .milliseconds(500)
    }
    try await FaultServer.run { server in
      server.script("/a", .hang)
      let start = ContinuousClock.now
      try await HTTPTransport.run(patience: patience) { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .unavailable)
        #expect(error.message.contains("silent"))
      }
      #expect(ContinuousClock.now - start < .seconds(20))
      // Three fit into the budget, fewer on a busy machine; its retries alone would allow four.
      #expect(server.requests.count <= 3)
    }
  }

  @Test func `does not wait for a body that stalls`() async throws {
    let patience = Self.limited {
      $0.stall = .milliseconds(200); $0.retries = 0
    }
    try await FaultServer.run { server in
      server.script("/a", .stalls(Self.file, after: 4))
      try await HTTPTransport.run(patience: patience) { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
      await server.waitForRequests(1, to: "/a")
      #expect(server.requests.count == 1)
    }
  }

  @Test func `goes on after a stall where it broke off`() async throws {
    let patience = Self.limited { $0.stall = .seconds(5) }
    try await FaultServer.run { server in
      server.script("/a", .stalls(Self.file, after: 4, etag: "v1"), .file(Self.file, etag: "v1"))
      try await HTTPTransport.run(patience: patience) { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text == "0123456789")
      }
      #expect(server.requests.last?.headers["range"] == "bytes=4-")
    }
  }

  @Test func `lets a slow body live that never stalls`() async throws {
    let patience = Self.limited {
      $0.stall = .seconds(5)
      $0.stallRate = 1
      $0.budget = .milliseconds(500)
      $0.retries = 0
    }
    let file = Array(String(repeating: "abcdefghij", count: 11).utf8)
    try await FaultServer.run { server in
      server.script("/a", .drip(file, chunk: 1, every: .milliseconds(50)))
      try await HTTPTransport.run(patience: patience) { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text.utf8.count == file.count)
      }
    }
  }

  @Test func `gives up on a body that is alive but too slow`() async throws {
    let patience = Self.limited {
      $0.stall = .seconds(1)
      $0.stallRate = 1024
      $0.retries = 0
    }
    try await FaultServer.run { server in
      server.script(
        "/a", .drip(Array(repeating: 0x61, count: 2000), chunk: 1, every: .milliseconds(100)))
      try await HTTPTransport.run(patience: patience) { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
    }
  }

  @Test func `keeps one limit for everything where it is told one`() {
    let patience = Patience(limit: .seconds(3))
    #expect(patience.connect == .seconds(3))
    #expect(patience.firstByte == .seconds(3))
    #expect(patience.stall == .seconds(3))
    #expect(patience.budget == .seconds(3))
    #expect(patience.longestPause == .seconds(3))
    #expect(patience.retryAfterLimit == .seconds(3))
    #expect(patience.lastRetryAfterLimit == .seconds(3))
    #expect(patience.retries == Patience.standard.retries)
  }

  @Test func `is never more patient for being told a limit`() {
    let patience = Patience(limit: .seconds(3600))
    #expect(patience == .standard)
  }
}
