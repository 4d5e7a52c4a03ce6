import MirrorTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct FaultAnswerTests {
  static let bytes = Array("0123456789".utf8)

  @Test func `a status carries its headers and body`() async throws {
    try await FaultServer.run { server in
      server.script(
        "/a", .status(503, headers: ["Retry-After": "3", "X": "1", "x": "2"], body: [104, 105]))
      let response = try await RawClient.exchange(server, "GET /a")
      #expect(response.status == 503)
      #expect(response.headers.prefix(3) == ["Retry-After: 3", "X: 1", "x: 2"])
      #expect(response.body == "hi")
    }
  }

  @Test func `a status may lie about its length`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(200, headers: ["Content-Length": "99"], body: Self.bytes))
      let response = try await RawClient.exchange(server, "GET /a")
      #expect(response.headers == ["Content-Length: 99", "Connection: close"])
      #expect(response.body == "0123456789")
    }
  }

  @Test func `a redirect names the other place`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .redirect(to: "http://127.0.0.1:1/b", code: 307))
      let response = try await RawClient.exchange(server, "GET /a")
      #expect(response.status == 307)
      #expect(response.headers.contains("Location: http://127.0.0.1:1/b"))
    }
  }

  @Test func `html is a page and empty is nothing, both with status 200`() async throws {
    try await FaultServer.run { server in
      server.script("/page", .html())
      server.script("/empty", .empty)
      let page = try await RawClient.exchange(server, "GET /page")
      #expect(page.status == 200)
      #expect(page.headers.contains("Content-Type: text/html; charset=utf-8"))
      #expect(page.body.hasPrefix("<!DOCTYPE html>"))
      let empty = try await RawClient.exchange(server, "GET /empty")
      #expect(empty.status == 200)
      #expect(empty.headers.contains("Content-Length: 0"))
      #expect(empty.body == "")
    }
  }

  @Test func `hang says nothing until the server goes away`() async throws {
    var client = try await FaultServer.run { server in
      server.script("/a", .hang)
      let client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
      await server.waitForRequests(1, to: "/b")
      #expect(server.openConnections == 1)
      return client
    }
    #expect(try await client.readToEnd() == "")
  }

  @Test func `reset is RST`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .reset)
      let error = await #expect(throws: IOError.self) {
        try await RawClient.exchange(server, "GET /a")
      }
      #expect(error?.errnoCode == 104 || error?.errnoCode == 54, "ECONNRESET on Linux and Darwin")
    }
  }

  @Test func `close is FIN without a byte`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .close)
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      #expect(try await client.readToEnd() == "")
    }
  }

  @Test func `garbage is sent as it is`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .garbage(Array("SSH-2.0-x\r\n".utf8)))
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      #expect(try await client.readToEnd() == "SSH-2.0-x\r\n")
    }
  }

  @Test func `truncated declares everything, sends a part, and a file after it can be resumed`()
    async throws
  {
    try await FaultServer.run { server in
      server.script(
        "/a", .truncated(Self.bytes, after: 4, etag: "v1"), .file(Self.bytes, etag: "v1"))
      let first = try await RawClient.exchange(server, "GET /a")
      #expect(first.headers.contains("Content-Length: 10"))
      #expect(first.headers.contains("ETag: \"v1\""))
      #expect(first.body == "0123")
      let second = try await RawClient.exchange(
        server, "GET /a", ["Range: bytes=4-", "If-Range: \"v1\""])
      #expect(second.status == 206)
      #expect(second.body == "456789")
    }
  }

  @Test func `large bodies arrive before the connection is cut`() async throws {
    try await FaultServer.run { server in
      let large = [UInt8](repeating: 120, count: 8 << 20)
      server.script("/a", .truncated(large, after: large.count - 1))
      let response = try await RawClient.exchange(server, "GET /a")
      #expect(response.body.utf8.count == large.count - 1)
    }
  }

  @Test func `stalls falls silent in the middle`() async throws {
    var client = try await FaultServer.run { server in
      server.script("/a", .stalls(Self.bytes, after: 4))
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      #expect(try await client.read(until: "0123").contains("Content-Length: 10\r\n"))
      #expect(server.openConnections == 1)
      return client
    }
    #expect(try await client.readToEnd() == "")
  }

  @Test func `stalls goes on when its gate opens`() async throws {
    try await FaultServer.run { server in
      let gate = Gate()
      server.script("/a", .stalls(Self.bytes, after: 4, until: gate))
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      _ = try await client.read(until: "0123")
      await gate.waitForRequests(1)
      gate.open()
      #expect(try await client.read(until: "9") == "456789")
    }
  }

  @Test func `drip takes its time and delivers everything`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .drip(Self.bytes, chunk: 3, every: .milliseconds(5)))
      let start = ContinuousClock.now
      let response = try await RawClient.exchange(server, "GET /a")
      #expect(response.body == "0123456789")
      #expect(ContinuousClock.now - start >= .milliseconds(20))
    }
  }

  @Test(arguments: [
    ("bytes=4-", "Content-Range: bytes 0-5/10", "012345"),
    ("bytes=0-3", "Content-Range: bytes 1-4/10", "1234"),
  ])
  func `wrongContentRange sends another part than the one asked for`(
    range: String, header: String, body: String
  ) async throws {
    try await FaultServer.run { server in
      server.script("/a", .wrongContentRange(Self.bytes, etag: "v1"))
      let response = try await RawClient.exchange(server, "GET /a", ["Range: \(range)"])
      #expect(response.status == 206)
      #expect(response.headers.contains(header))
      #expect(response.body == body)
      let whole = try await RawClient.exchange(server, "GET /a")
      #expect(whole.status == 200)
    }
  }

  @Test func `chunked ends with the last chunk, chunkedTruncated without it`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .chunked(Self.bytes, of: 8))
      server.script("/b", .chunkedTruncated(Self.bytes, after: 4))
      let whole = try await RawClient.exchange(server, "GET /a")
      #expect(whole.headers.contains("Transfer-Encoding: chunked"))
      #expect(!whole.headers.contains { $0.hasPrefix("Content-Length") })
      #expect(whole.body == "8\r\n01234567\r\n2\r\n89\r\n0\r\n\r\n")
      let part = try await RawClient.exchange(server, "GET /b")
      #expect(part.body == "4\r\n0123\r\n")
    }
  }

  @Test func `choosing looks at the request`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .choosing { $0.headers["authorization"] == nil ? .status(401) : .empty })
      let refused = try await RawClient.exchange(server, "GET /a")
      #expect(refused.status == 401)
      #expect(try await RawClient.exchange(server, "GET /a", ["AUTHORIZATION: x"]).status == 200)
    }
  }

  @Test func `steps make failures that have no name`() async throws {
    try await FaultServer.run { server in
      server.script("/a", FaultAnswer { _ in [.send(Array("HTTP/1.1 2".utf8)), .hangUp(.abrupt)] })
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      #expect(try await client.readToEnd() == "HTTP/1.1 2")
    }
  }
}
