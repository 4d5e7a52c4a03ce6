import Foundation
import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// Connections that pass without being read.
@Suite(.timeLimit(.minutes(2))) struct TunnelTests {
  private static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }

  private func run(
    _ change: @escaping @Sendable (inout GatewayFixture.Plan, FaultServer) -> Void = { _, _ in },
    _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    try await GatewayFixture.run { mirror, origin in
      origin.script("/a.bin", .file(Self.bytes))
      var plan = GatewayFixture.Plan()
      change(&plan, mirror)
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  /// Asks for a tunnel and returns the connection with the head of the answer.
  private func connect(
    _ fixture: GatewayFixture, to target: String, headers: [String] = []
  ) async throws -> (RawConnection, head: String) {
    let connection = try RawConnection(port: fixture.address.port)
    let lines = ["CONNECT \(target) HTTP/1.1", "Host: \(target)"] + headers
    try connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    return (connection, await connection.readHead())
  }

  private func fetch(over connection: RawConnection) async throws -> [UInt8] {
    try connection.ask("/a.bin", headers: ["Connection: close"])
    let answer = await connection.readToEnd()
    #expect(answer.starts(with: "HTTP/1.1 200 ".utf8))
    return Array(answer.suffix(Self.bytes.count))
  }

  @Test func `pass both ways, to the end, and are recorded`() async throws {
    try await run { fixture in
      let target = "127.0.0.1:\(fixture.origin.port)"
      let (connection, head) = try await connect(fixture, to: target)
      #expect(head.hasPrefix("HTTP/1.1 200 "))
      #expect(try await fetch(over: connection) == Self.bytes)
      #expect(fixture.ledger.soFar.opaque == [target: 1])
      #expect(fixture.ledger.soFar.refusedConnections.isEmpty)
      let ledger = String(decoding: try #require(try Disk.read(fixture.ledgerPath)), as: UTF8.self)
      #expect(ledger.contains("\"opaque\":\"\(target)\""))
      #expect(ledger.contains("\"outcome\":\"passed\""))
    }
  }

  @Test func `lead to an IPv6 address`() async throws {
    try await run { fixture in
      let target = "[::ffff:127.0.0.1]:\(fixture.origin.port)"
      let (connection, head) = try await connect(fixture, to: target)
      #expect(head.hasPrefix("HTTP/1.1 200 "))
      #expect(try await fetch(over: connection) == Self.bytes)
      #expect(fixture.ledger.soFar.opaque == [target: 1])
    }
  }

  @Test func `are understood when the question comes in pieces`() async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      let head = "CONNECT 127.0.0.1:\(fixture.origin.port) HTTP/1.1\r\nHost: x\r\n\r\n"
      for character in head { try connection.send("\(character)") }
      #expect(await connection.readHead().hasPrefix("HTTP/1.1 200 "))
      #expect(try await fetch(over: connection) == Self.bytes)
    }
  }

  @Test func `carry what the client says before it has an answer`() async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      try connection.send(
        "CONNECT 127.0.0.1:\(fixture.origin.port) HTTP/1.1\r\n\r\n"
          + "GET /a.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let answer = await connection.readToEnd()
      #expect(answer.suffix(Self.bytes.count).elementsEqual(Self.bytes))
    }
  }

  @Test func `are refused where policy refuses them, and recorded`() async throws {
    try await run { plan, _ in
      plan.allowsTunnels = false
    } _: { fixture in
      let target = "127.0.0.1:\(fixture.origin.port)"
      let (connection, head) = try await connect(fixture, to: target)
      #expect(head.hasPrefix("HTTP/1.1 403 "))
      #expect(await connection.readToEnd().isEmpty)
      #expect(fixture.ledger.soFar.refusedConnections == [target: 1])
      #expect(fixture.ledger.soFar.opaque.isEmpty)
      #expect(fixture.origin.requests.isEmpty && fixture.origin.openConnections == 0)
    }
  }

  @Test(arguments: ["", "Basic bWlycm9yOndyb25n", "Bearer t0ken"])
  func `need the token`(shown: String) async throws {
    try await run { plan, _ in
      plan.token = Secret("t0ken")
    } _: { fixture in
      let (connection, head) = try await connect(
        fixture, to: "127.0.0.1:\(fixture.origin.port)",
        headers: shown.isEmpty ? [] : ["Proxy-Authorization: \(shown)"])
      #expect(head.hasPrefix("HTTP/1.1 407 "))
      #expect(head.lowercased().contains("proxy-authenticate: basic"))
      #expect(await connection.readToEnd().isEmpty)
      #expect(fixture.ledger.soFar.opaque.isEmpty)
      #expect(fixture.ledger.soFar.refusedConnections.isEmpty)
    }
  }

  @Test func `pass for who shows the token`() async throws {
    try await run { plan, _ in
      plan.token = Secret("t0ken")
    } _: { fixture in
      let login = Data("mirror:t0ken".utf8).base64EncodedString()
      let (connection, head) = try await connect(
        fixture, to: "127.0.0.1:\(fixture.origin.port)",
        headers: ["proxy-authorization: Basic \(login)"])
      #expect(head.hasPrefix("HTTP/1.1 200 "))
      #expect(try await fetch(over: connection) == Self.bytes)
    }
  }

  @Test func `say so when nobody listens at the other end`() async throws {
    let url = try #require(Locator(try FaultServer.refusedURL()))
    try await run { fixture in
      let (connection, head) = try await connect(fixture, to: url.authority)
      #expect(head.hasPrefix("HTTP/1.1 502 "))
      #expect(await connection.readToEnd().isEmpty)
      #expect(fixture.ledger.soFar.opaque == [url.authority: 1])
    }
  }

  @Test func `go through the user's own proxy, with its login`() async throws {
    try await run { plan, mirror in
      mirror.allowProxying(authorization: "Basic dXNlcjpwdw==")
      plan.environment = ["https_proxy": "http://user:pw@127.0.0.1:\(mirror.port)"]
    } _: { fixture in
      let target = "127.0.0.1:\(fixture.origin.port)"
      let (connection, head) = try await connect(fixture, to: target)
      #expect(head.hasPrefix("HTTP/1.1 200 "))
      #expect(try await fetch(over: connection) == Self.bytes)
      #expect(fixture.mirror.requests.map(\.description) == ["CONNECT \(target)"])
      #expect(fixture.ledger.soFar.opaque == [target: 1])
    }
  }

  @Test func `are told what the user's own proxy says`() async throws {
    try await run { plan, mirror in
      mirror.allowProxying(authorization: "Basic dXNlcjpwdw==")
      plan.environment = ["https_proxy": "http://127.0.0.1:\(mirror.port)"]
    } _: { fixture in
      let (_, head) = try await connect(fixture, to: "127.0.0.1:\(fixture.origin.port)")
      #expect(head.hasPrefix("HTTP/1.1 407 "))
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test(arguments: ["nowhere:port", "a/b:443", "", "user@:1"])
  func `are not made of a target that is none`(target: String) async throws {
    try await run { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      try connection.send("CONNECT \(target) HTTP/1.1\r\n\r\n")
      let head = await connection.readHead()
      #expect(head.hasPrefix("HTTP/1.1 4") || head.hasPrefix("HTTP/1.1 5"), "\(head)")
      #expect(fixture.ledger.soFar.opaque.isEmpty)
    }
  }
}
