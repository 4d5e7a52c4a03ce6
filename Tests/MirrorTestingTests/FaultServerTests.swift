import MirrorTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct FaultServerTests {
  @Test func `plays a script in order and repeats the last answer`() async throws {
    try await FaultServer.run { server in
      server.script("/a?v=1", .status(500), .status(429), .empty)
      var seen: [Int?] = []
      for _ in 0..<4 { seen.append(try await RawClient.exchange(server, "GET /a?v=1").status) }
      #expect(seen == [500, 429, 200, 200])
      #expect(try await RawClient.exchange(server, "GET /a").status == 404)
      server.setDefault(.status(410))
      #expect(try await RawClient.exchange(server, "GET /a").status == 410)
      #expect(server.requests.map(\.target) == Array(repeating: "/a?v=1", count: 4) + ["/a", "/a"])
      #expect(server.requests(to: "/a").count == 2)
    }
  }

  @Test func `records requests as they came`() async throws {
    try await FaultServer.run { server in
      _ = try await RawClient.exchange(
        server, "POST /%7Ea/../b?c", ["X-One:  1 ", "x-one: 2", "Content-Length: 0"])
      let request = try #require(server.requests.first)
      #expect(request.method == "POST")
      #expect(request.target == "/%7Ea/../b?c")
      #expect(request.version == "HTTP/1.1")
      #expect(request.headers["X-ONE"] == "1")
      #expect(request.headers.all("x-One") == ["1", "2"])
      #expect(request.headers["absent"] == nil)
      #expect(request.headers.fields.map(\.name).contains("X-One"))
    }
  }

  @Test func `reads bodies of both framings and lets the client go on`() async throws {
    try await FaultServer.run { server in
      server.setDefault(.status(204))
      var client = try await RawClient(port: server.port)
      try await client.send("PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("hi")
      #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204 "))
      try await client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")
      try await client.send("3;x=y\r\n ho\r\n0\r\n\r\n")
      #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204 "))
      #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["hi", "hi ho"])
    }
  }

  @Test(arguments: ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nbroken\r\n\r\n", "GET / SPDY/9\r\n\r\n"])
  func `answers 400 to what is not a request`(text: String) async throws {
    try await FaultServer.run { server in
      var client = try await RawClient(port: server.port)
      try await client.send(text)
      #expect(Transcript(try await client.readToEnd()).status == 400)
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `keeps connections alive and answers pipelined requests in order`() async throws {
    try await FaultServer.run { server in
      let gate = Gate()
      server.script("/a", .gated(gate, .status(200, body: Array("A".utf8))))
      server.script("/b", .status(200, body: Array("B".utf8)))
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
      await server.waitForRequests(1, to: "/b")
      gate.open()
      let responses = try await client.read(until: "B")
      #expect(responses.split(separator: "HTTP/1.1 200 OK").count == 2)
      #expect(responses.contains("\r\n\r\nAHTTP/1.1"))
      try await client.send("GET /b HTTP/1.1\r\n\r\n")
      #expect(try await client.read(until: "B").hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test(arguments: ["HTTP/1.0\r\n", "HTTP/1.1\r\nConnection: close\r\n"])
  func `closes when the client expects it`(rest: String) async throws {
    try await FaultServer.run { server in
      var client = try await RawClient(port: server.port)
      try await client.send("GET /a \(rest)\r\n")
      #expect(try await client.readToEnd().contains("Connection: close\r\n"))
    }
  }

  @Test func `closes every connection when the test fails`() async throws {
    struct Failure: Error {}
    var port = 0
    await #expect(throws: Failure.self) {
      try await FaultServer.run { server in
        port = server.port
        server.setDefault(.hang)
        let client = try await RawClient(port: server.port)
        try await client.send("GET /a HTTP/1.1\r\n\r\n")
        await server.waitForRequests(1, to: "/a")
        throw Failure()
      }
    }
    await #expect(throws: (any Error).self) { _ = try await RawClient(port: port) }
  }

  @Test func `stops waiting for requests when the task is cancelled`() async throws {
    try await FaultServer.run { server in
      let task = Task { await server.waitForRequests(1, to: "/never") }
      task.cancel()
      #expect(await task.value.isEmpty)
    }
  }

  @Test func `a refused URL stays refused`() async throws {
    let url = try FaultServer.refusedURL()
    #expect(try FaultServer.refusedURL() != url)
    let port = try #require(Int(url.dropFirst("http://127.0.0.1:".count)))
    await #expect(throws: (any Error).self) { _ = try await RawClient(port: port) }
  }
}
