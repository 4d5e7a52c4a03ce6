import Foundation
import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// Plain requests that are a program's own business: they pass as they would have without us.
@Suite(.timeLimit(.minutes(2))) struct ForwardingTests {
  private static let bytes = Array("bytes".utf8)

  private func run(
    _ change: @escaping @Sendable (inout GatewayFixture.Plan, FaultServer) -> Void = { _, _ in },
    _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    try await GatewayFixture.run { mirror, origin in
      origin.script("/a?b", .file(Self.bytes))
      var plan = GatewayFixture.Plan()
      change(&plan, mirror)
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
  func `pass when they are not for getting something`(method: String) async throws {
    try await run { fixture in
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a?b", method: method)
      #expect(answer.status == 200 && answer.body == Self.bytes)
      let seen = try #require(fixture.origin.requests.first)
      #expect(seen.method == method && seen.target == "/a?b")
      #expect(fixture.ledger.soFar.opaque == ["127.0.0.1:\(fixture.origin.port)": 1])
      #expect(fixture.ledger.soFar.artifacts == 0)
      #expect(fixture.mirror.requests.isEmpty)
    }
  }

  @Test(arguments: ["Authorization: Bearer own", "Cookie: session=own", "cookie: a=b"])
  func `pass when they hold a login of the program's own`(field: String) async throws {
    try await run { plan, _ in
      plan.token = Secret("t0ken")
    } _: { fixture in
      let login = Data("mirror:t0ken".utf8).base64EncodedString()
      let answer = try await fixture.tool.ask(
        "\(fixture.origin.url)/a?b", headers: [field, "Proxy-Authorization: Basic \(login)"])
      #expect(answer.status == 200 && answer.body == Self.bytes)
      let seen = try #require(fixture.origin.requests.first)
      let parts = field.split(separator: ": ")
      #expect(seen.headers[String(parts[0])] == String(parts[1]))
      #expect(seen.headers["Proxy-Authorization"] == nil, "the token left us")
      #expect(fixture.ledger.soFar.opaque.count == 1)
    }
  }

  @Test func `pass with their body`() async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      try connection.send(
        "POST \(fixture.origin.url)/a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel")
      try connection.send("lo")
      let answer = await connection.readToEnd()
      #expect(answer.starts(with: "HTTP/1.1 200 ".utf8))
      #expect(fixture.origin.requests.first?.body == Array("hello".utf8))
    }
  }

  /// Whether a request is the program's own is seen at the start of a connection.
  @Test(arguments: ["/a?b", "/none", "/refused", "/moved", "/range"])
  func `are read after any answer to a whole URL`(path: String) async throws {
    try await run { _, mirror in
      mirror.setDefault(.status(404))
    } _: { fixture in
      fixture.origin.script("/none", .status(404))
      fixture.origin.script("/refused", .status(403))
      fixture.origin.script("/moved", .redirect(to: "/a?b"))
      fixture.origin.script("/range", .file(Self.bytes))
      let connection = try RawConnection(port: fixture.address.port)
      try connection.ask("\(fixture.origin.url)\(path)", headers: ["Range: bytes=9-"])
      try connection.ask("\(fixture.origin.url)/a?b", headers: ["Authorization: Bearer own"])
      let answers = String(decoding: await connection.readToEnd(), as: UTF8.self)
      #expect(answers.split(separator: "HTTP/1.1 ").count == 1, "\(answers)")
      #expect(answers.lowercased().contains("\r\nconnection: close\r\n"), "\(answers)")
      #expect(fixture.ledger.soFar.opaque.isEmpty)
    }
  }

  @Test func `may be written as a person types them`() async throws {
    try await run { fixture in
      fixture.origin.script("/%C3%A9.txt?%F0%9F%A6%80", .file(Self.bytes))
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/é.txt?🦀")
      #expect(answer.status == 200 && answer.body == Self.bytes)
    }
  }

  @Test func `go through the user's own proxy`() async throws {
    try await run { plan, mirror in
      mirror.allowProxying(authorization: "Basic dXNlcjpwdw==")
      mirror.script("/a?b", .file(Self.bytes))
      plan.environment = ["http_proxy": "http://user:pw@127.0.0.1:\(mirror.port)"]
    } _: { fixture in
      let url = "\(fixture.origin.url)/a?b"
      let answer = try await fixture.tool.ask(url, method: "POST")
      #expect(answer.status == 200)
      #expect(fixture.mirror.requests.map(\.description) == ["POST \(url)"])
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `are refused where tunnels are, and need the token as they do`() async throws {
    try await run { plan, _ in
      plan.allowsTunnels = false
    } _: { fixture in
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a?b", method: "POST")
      #expect(answer.status == 403)
      #expect(fixture.ledger.soFar.refusedConnections.count == 1)
      #expect(fixture.origin.requests.isEmpty)
    }
    try await run { plan, _ in
      plan.token = Secret("t0ken")
    } _: { fixture in
      let answer = try await fixture.tool.ask("\(fixture.origin.url)/a?b", method: "POST")
      #expect(answer.status == 407)
      #expect(fixture.ledger.soFar.opaque.isEmpty && fixture.origin.requests.isEmpty)
    }
  }
}
