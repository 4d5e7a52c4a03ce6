import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// Bytes on their way from an upstream to clients.
@Suite(.timeLimit(.minutes(2))) struct TransferTests {
  private static let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  private func run(_ body: @Sendable (GatewayFixture) async throws -> Void) async throws {
    try await GatewayFixture.run { _, _ in
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  @Test func `show the first bytes before the upstream has given the last`() async throws {
    let gate = Gate()
    try await run { fixture in
      fixture.origin.script("/big", .stalls(Self.bytes, after: 100_000, until: gate))
      let connection = try RawConnection(port: fixture.address.port)
      try connection.ask("\(fixture.origin.url)/big", headers: ["Connection: close"])
      let head = await connection.readHead()
      #expect(head.hasPrefix("HTTP/1.1 200 "))
      #expect(head.lowercased().contains("content-length: 400000"))
      #expect(await connection.read(100_000).elementsEqual(Self.bytes[..<100_000]))
      #expect(fixture.ledger.soFar.artifacts == 0)
      gate.open()
      #expect(await connection.readToEnd().elementsEqual(Self.bytes[100_000...]))
      #expect(await fixture.nextFetchEntry()?.size == Self.bytes.count)
    }
  }

  @Test func `show a part before the upstream has given the last`() async throws {
    let gate = Gate()
    try await run { fixture in
      fixture.origin.script("/big", .stalls(Self.bytes, after: 100_000, until: gate))
      let connection = try RawConnection(port: fixture.address.port)
      try connection.ask("\(fixture.origin.url)/big", headers: ["Range: bytes=10-19"])
      #expect(await connection.readHead().hasPrefix("HTTP/1.1 206 "))
      #expect(await connection.read(10).elementsEqual(Self.bytes[10..<20]))
      gate.open()
      #expect(await fixture.nextFetchEntry()?.size == Self.bytes.count)
    }
  }

  @Test func `do not show what an index pins before it has passed`() async throws {
    let gate = Gate()
    let digest = ContentHash.sha256(of: Self.bytes)
    try await run { fixture in
      fixture.origin.script("/demo-1.0.zip", .stalls(Self.bytes, after: 100_000, until: gate))
      fixture.origin.script(
        "/simple/demo/", .html("<a href=\"/demo-1.0.zip#sha256=\(digest.hex)\">demo-1.0.zip</a>"))
      let page = try await fixture.tool.ask("/pip/simple/demo/")
      let html = String(decoding: page.body, as: UTF8.self)
      let link = try #require(html.firstMatch(of: /href="\.\.\/\.\.\/([^"#]+)/)).1
      async let answer = fixture.tool.ask("/pip/\(link)")
      await gate.waitForRequests(1)
      #expect(try fixture.store.check(digest) == false)
      gate.open()
      #expect(try await answer.body == Self.bytes)
      #expect(await fixture.nextFetchEntry()?.outcome == "served")
      #expect(try fixture.store.check(digest))
    }
  }

  @Test(arguments: [1, 1000, 400_000])
  func `come whole from an upstream that does not know their number`(size: Int) async throws {
    let bytes = Array(Self.bytes.prefix(size))
    try await run { fixture in
      fixture.origin.script("/chunked", .chunked(bytes, of: 700))
      let target = "\(fixture.origin.url)/chunked"
      let cold = try await fixture.tool.ask(target)
      #expect(cold.status == 200 && cold.isComplete)
      #expect(cold.body == bytes)
      #expect(await fixture.nextFetchEntry()?.size == size)
      let warm = try await fixture.tool.ask(target)
      #expect(warm.headers["content-length"] == "\(size)")
      #expect(warm.body == bytes)
      #expect(fixture.origin.requests.count == 1)
    }
  }

  @Test func `give all of a thing of unknown length to whom asks for a part`() async throws {
    let gate = Gate()
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    try await run { fixture in
      fixture.origin.script(
        "/chunked",
        FaultAnswer { _ in
          [
            .send(Array("\(head)5\r\nfirst\r\n".utf8)), .wait(gate),
            .send(Array("4\r\nlast\r\n0\r\n\r\n".utf8)),
          ]
        })
      async let answer = fixture.tool.ask(
        "\(fixture.origin.url)/chunked", headers: ["Range: bytes=0-4"])
      await gate.waitForRequests(1)
      gate.open()
      let status = try await answer.status
      #expect(status == 200 || status == 206)
      let body = String(decoding: try await answer.body, as: UTF8.self)
      #expect(body == (status == 200 ? "firstlast" : "first"))
    }
  }

  @Test func `are shared by all who ask at once, and each answer is in the ledger`() async throws {
    let gate = Gate()
    try await run { fixture in
      fixture.origin.script("/shared", .stalls(Self.bytes, after: 1000, until: gate))
      let clients = try (0..<20).map { _ in try RawConnection(port: fixture.address.port) }
      for client in clients {
        try client.ask("\(fixture.origin.url)/shared", headers: ["Connection: close"])
        // Who has the first bytes has joined.
        #expect(await client.readHead().hasPrefix("HTTP/1.1 200 "))
        #expect(await client.read(1000).elementsEqual(Self.bytes[..<1000]))
      }
      gate.open()
      for client in clients {
        #expect(await client.readToEnd().elementsEqual(Self.bytes[1000...]))
      }
      for _ in clients { #expect(await fixture.nextFetchEntry()?.source == "origin") }
      #expect(fixture.origin.requests(to: "/shared").count == 1)
      #expect(fixture.ledger.soFar.artifacts == 1)
      let ledger = try #require(try Disk.read(fixture.ledgerPath))
      #expect(ledger.split(separator: UInt8(ascii: "\n")).count == clients.count)
    }
  }

  @Test func `go on for the others when one of them hangs up`() async throws {
    let gate = Gate()
    try await run { fixture in
      fixture.origin.script("/shared", .stalls(Self.bytes, after: 1000, until: gate))
      let target = "\(fixture.origin.url)/shared"
      var leaving: RawConnection? = try RawConnection(port: fixture.address.port)
      try leaving?.ask(target)
      #expect(await leaving?.readHead().hasPrefix("HTTP/1.1 200 ") == true)
      let staying = try RawConnection(port: fixture.address.port)
      try staying.ask(target, headers: ["Connection: close"])
      #expect(await staying.readHead().hasPrefix("HTTP/1.1 200 "))
      leaving = nil
      gate.open()
      #expect(await staying.readToEnd() == Self.bytes)
      #expect(fixture.origin.requests.count == 1)
    }
  }

  // MARK: Redirects

  @Test func `follow redirects for tools that do, and show them to those that do not`()
    async throws
  {
    try await run { fixture in
      let origin = fixture.origin
      origin.script("/moved", .redirect(to: "/there?x=1"))
      origin.script("/there?x=1", .file(Self.bytes))
      let follows = "http://127.0.0.1.http.mirror.invalid:\(origin.port)/moved"
      let stays = "http://127.0.0.1.http-stay.mirror.invalid:\(origin.port)/moved"
      for _ in 0..<2 {
        let shown = try await fixture.tool.ask(stays)
        #expect(shown.status == 302 && shown.isComplete)
        #expect(shown.headers["location"] == "\(origin.url)/there?x=1")
        #expect(shown.body.isEmpty)
        let followed = try await fixture.tool.ask(follows)
        #expect(followed.status == 200)
        #expect(followed.body == Self.bytes)
      }
    }
  }

  @Test func `show no redirect where there was none`() async throws {
    try await run { fixture in
      fixture.origin.script("/there", .file(Self.bytes))
      let answer = try await fixture.tool.ask(
        "http://127.0.0.1.http-stay.mirror.invalid:\(fixture.origin.port)/there")
      #expect(answer.status == 200 && answer.body == Self.bytes)
    }
  }

  @Test func `show no redirect to the place where a mirror keeps a thing`() async throws {
    try await GatewayFixture.run(body: { fixture in
      let port = fixture.origin.port
      fixture.mirror.script("/tree/127.0.0.1:\(port)/there", .file(Self.bytes))
      for _ in 0..<2 {
        let answer = try await fixture.tool.ask(
          "http://127.0.0.1.http-stay.mirror.invalid:\(port)/there")
        #expect(answer.status == 200 && answer.body == Self.bytes)
      }
      #expect(fixture.origin.requests.isEmpty)
    })
  }
}
