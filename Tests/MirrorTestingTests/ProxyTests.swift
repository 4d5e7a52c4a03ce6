import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
  @Test func `sees absolute targets as they are and finds their script by path`() async throws {
    try await FaultServer.run { server in
      server.script("/a?b", .empty)
      server.script("http://two.example/a?b", .status(403))
      let one = try await RawClient.exchange(server, "GET http://one.example/a?b")
      let two = try await RawClient.exchange(server, "GET http://two.example/a?b")
      #expect(one.status == 200)
      #expect(two.status == 403)
      #expect(server.requests.first?.target == "http://one.example/a?b")
      #expect(server.requests(to: "/a?b").count == 2)
    }
  }

  @Test func `tunnels both ways after CONNECT`() async throws {
    try await FaultServer.run { origin in
      origin.script("/a", .status(200, body: Array("through".utf8)))
      try await FaultServer.run { proxy in
        proxy.allowProxying()
        var client = try await RawClient(port: proxy.port)
        try await client.send(
          "CONNECT 127.0.0.1:\(origin.port) HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\n")
        let text = try await client.read(until: "through")
        #expect(text.hasPrefix("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n"))
        try await client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")
        #expect(try await client.readToEnd().hasSuffix("through"))
        #expect(proxy.requests.map(\.description) == ["CONNECT 127.0.0.1:\(origin.port)"])
        #expect(origin.requests(to: "/a").count == 2)
      }
    }
  }

  @Test func `closes the far end when the client leaves`() async throws {
    try await FaultServer.run { origin in
      try await FaultServer.run { proxy in
        proxy.allowProxying()
        var client = try await RawClient(port: proxy.port)
        try await client.send("CONNECT 127.0.0.1:\(origin.port) HTTP/1.1\r\n\r\n")
        _ = try await client.read(until: "\r\n\r\n")
        try await client.close()
        await origin.waitForOpenConnections(atMost: 0)
      }
    }
  }

  @Test func `asks for credentials when it must`() async throws {
    try await FaultServer.run { server in
      server.allowProxying(authorization: "Basic dTpw")
      server.script("/a", .empty)
      let url = "http://one.example/a"
      let refused = try await RawClient.exchange(server, "GET \(url)")
      #expect(refused.status == 407)
      #expect(refused.headers.contains("Proxy-Authenticate: Basic realm=\"test\""))
      let credentials = ["Proxy-Authorization: Basic dTpw"]
      #expect(try await RawClient.exchange(server, "GET \(url)", credentials).status == 200)
      #expect(try await RawClient.exchange(server, "CONNECT 127.0.0.1:1").status == 407)
      #expect(try await RawClient.exchange(server, "GET /a").status == 200)
    }
  }

  @Test func `answers 502 when the far end refuses`() async throws {
    try await FaultServer.run { server in
      server.allowProxying()
      let target = try FaultServer.refusedURL().dropFirst("http://".count)
      #expect(try await RawClient.exchange(server, "CONNECT \(target)").status == 502)
    }
  }

  @Test func `does not tunnel unless told to, nor past a script`() async throws {
    try await FaultServer.run { server in
      let unwanted = try await RawClient.exchange(server, "CONNECT 127.0.0.1:1")
      #expect(unwanted.status == 404)
      server.allowProxying()
      server.script("one.example:443", .status(403))
      #expect(try await RawClient.exchange(server, "CONNECT one.example:443").status == 403)
    }
  }
}
