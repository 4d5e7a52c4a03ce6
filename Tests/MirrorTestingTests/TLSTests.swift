import MirrorTesting
import NIOSSL
import Testing

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
  static let authority = FaultServer.certificateAuthorityPEM

  @Test func `serves clients that trust the authority`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      #expect(server.url == "https://localhost:\(server.port)")
      server.script("/a", .file(Array("secret".utf8)))
      var client = try await RawClient(port: server.port, trusting: Self.authority)
      try await client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")
      #expect(try await client.readToEnd().hasSuffix("secret"))
    }
  }

  @Test(arguments: TestCertificate.allCases.filter { $0 != .trusted })
  func `is refused with any other certificate`(certificate: TestCertificate) async throws {
    try await FaultServer.run(tls: certificate) { server in
      var client = try await RawClient(port: server.port, trusting: Self.authority)
      await #expect(throws: (any Error).self) {
        try await client.send("GET /a HTTP/1.1\r\n\r\n")
        _ = try await client.readToEnd()
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `truncates without a closure alert`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .truncated(Array("0123456789".utf8), after: 4))
      var client = try await RawClient(port: server.port, trusting: Self.authority)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      _ = try await client.read(until: "0123")
      let error = await #expect(throws: NIOSSLError.self) { try await client.readToEnd() }
      #expect(error == .uncleanShutdown)
    }
  }

  @Test func `resets underneath the session`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .reset)
      var client = try await RawClient(port: server.port, trusting: Self.authority)
      try await client.send("GET /a HTTP/1.1\r\n\r\n")
      await #expect(throws: (any Error).self) { _ = try await client.readToEnd() }
    }
  }
}
