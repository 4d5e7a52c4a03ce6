import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPTransportTests {
  private static let file = Array("0123456789".utf8)
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  @Test func `gives the bytes and what the server says of them`() async throws {
    try await FaultServer.run { server in
      server.script(
        "/a?b=%2B",
        .file(
          Self.file, etag: "v1", lastModified: Self.date, contentType: "application/gzip",
          contentDisposition: "attachment; filename=a.tgz"))
      try await HTTPTransport.run { transport in
        let (finding, text) = try await transport.get(server.url + "/a?b=%2B")
        #expect(text == "0123456789")
        #expect(
          finding.content
            == Content(
              location: server.url + "/a?b=%2B", size: 10, type: "application/gzip",
              disposition: "attachment; filename=a.tgz", lastModified: Self.date,
              entityTag: "\"v1\""))
      }
    }
  }

  @Test func `asks for the bytes as they are`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.file))
      try await HTTPTransport.run { transport in
        try await transport.get(server.url + "/a") { $0.accept = "application/json" }
        try await transport.get(server.url + "/a")
      }
      let requests = server.requests
      #expect(requests.map { $0.headers["accept"] } == ["application/json", "*/*"])
      for request in requests {
        #expect(request.method == "GET")
        #expect(request.headers["accept-encoding"] == "identity")
        #expect(request.headers["host"] == "127.0.0.1:\(server.port)")
        for name in ["authorization", "cookie", "cache-control", "range", "referer"] {
          #expect(request.headers[name] == nil)
        }
      }
    }
  }

  @Test func `passes caches by when it is told to`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.file))
      try await HTTPTransport.run { transport in
        try await transport.get(server.url + "/a") { $0.reloads = true }
      }
      #expect(server.requests.first?.headers["cache-control"] == "no-cache")
      #expect(server.requests.first?.headers["pragma"] == "no-cache")
    }
  }

  @Test(arguments: [
    "/a//b", "/a%2Bb", "/a+b", "/a%2Fb", "/%7Ea", "/a?", "/a?q=%2B", "/a?q=+&sig=secret", "/a%20b",
    "/a;b", "/a@b", "/a:b",
  ])
  func `sends path and query as they were written`(target: String) async throws {
    try await FaultServer.run { server in
      server.script(target, .file(Self.file))
      try await HTTPTransport.run { transport in
        let text = try await transport.get(server.url + target).text
        #expect(text == "0123456789")
      }
      #expect(server.requests.map(\.target) == [target])
    }
  }

  @Test func `takes a body whose length was not declared`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .chunked(Self.file, of: 3))
      try await HTTPTransport.run { transport in
        let (finding, text) = try await transport.get(server.url + "/a")
        #expect(text == "0123456789")
        #expect(finding.content?.size == nil)
      }
    }
  }

  @Test func `gives an empty body and a page as they are`() async throws {
    try await FaultServer.run { server in
      server.script("/empty", .empty)
      server.script("/page", .html("<html>"))
      try await HTTPTransport.run { transport in
        let empty = try await transport.get(server.url + "/empty")
        #expect(empty.text == "")
        #expect(empty.finding.content?.size == 0)
        let page = try await transport.get(server.url + "/page")
        #expect(page.text == "<html>")
        #expect(page.finding.content?.type?.hasPrefix("text/html") == true)
      }
    }
  }

  @Test func `moves a large file whole`() async throws {
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try await FaultServer.run { server in
      server.script("/a", .file(large))
      try await HTTPTransport.run { transport in
        let sink = FileSink()
        try await transport.get(server.url + "/a", to: sink)
        #expect(ContentHash.sha256(of: sink.bytes) == ContentHash.sha256(of: large))
      }
    }
  }

  @Test func `passes on that the sink cannot take the bytes, without asking again`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.file))
      try await HTTPTransport.run { transport in
        let retrieval = Retrieval(
          try #require(Locator(server.url + "/a")), subject: "tool.tgz", source: "acme")
        let error = await #expect(throws: MirrorError.self) {
          try await transport.get(retrieval, to: MemorySink(limit: 3))
        }
        #expect(error?.code == .misconfigured)
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func `uses a connection again`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.file))
      server.script("/missing", .status(404, body: Array("none".utf8)))
      try await HTTPTransport.run { transport in
        for path in ["/a", "/missing", "/a"] { try await transport.get(server.url + path) }
        #expect(server.openConnections == 1)
      }
    }
  }
}
