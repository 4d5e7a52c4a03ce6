import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedirectTests {
  private static let file = Array("0123456789".utf8)

  @Test(arguments: [301, 302, 303, 307, 308])
  func `follows every kind`(code: Int) async throws {
    try await FaultServer.run { server in
      server.script("/a", .redirect(to: server.url + "/b", code: code))
      server.script("/b", .file(Self.file))
      try await HTTPTransport.run { transport in
        let (finding, text) = try await transport.get(server.url + "/a")
        #expect(text == "0123456789")
        #expect(finding.content?.location == server.url + "/b")
      }
      #expect(server.requests.map(\.description) == ["GET /a", "GET /b"])
    }
  }

  @Test(arguments: [
    ("/c", "/c"), ("c", "/x/c"), ("../c", "/c"), ("?c", "/x/a?c"), ("c#part", "/x/c"),
    ("//HOST/c", "/c"),
  ])
  func `resolves relative ones`(location: String, target: String) async throws {
    try await FaultServer.run { server in
      let host = "127.0.0.1:\(server.port)"
      server.script("/x/a", .redirect(to: location.replacing("HOST", with: host)))
      server.script(target, .file(Self.file))
      try await HTTPTransport.run { transport in
        let text = try await transport.get(server.url + "/x/a").text
        #expect(text == "0123456789")
      }
      #expect(server.requests.last?.target == target)
    }
  }

  @Test func `follows ten and no more`() async throws {
    try await FaultServer.run { server in
      for number in 0..<11 {
        server.script("/\(number)", .redirect(to: "/\(number + 1)"))
      }
      server.script("/11", .file(Self.file))
      try await HTTPTransport.run { transport in
        #expect(try await transport.get(server.url + "/1").text == "0123456789")
        let error = try await transport.failure(of: server.url + "/0")
        #expect(error.code == .unavailable)
        #expect(error.message.contains("10"))
      }
      #expect(server.requests.count == 11 + 11)
    }
  }

  @Test func `follows no longer than a source may take`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .redirect(to: "/b"))
      server.script("/b", .file(Self.file))
      var patience = Patience.once
      patience.budget = .nanoseconds(1)
      try await HTTPTransport.run(patience: patience) { transport in
        let text = try await transport.get(server.url + "/b").text
        #expect(text == "0123456789")
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
    }
  }

  @Test(arguments: ["ftp://files.example/a", "file:///etc/hosts", "http://", "http://[::1"])
  func `goes nowhere that is no web address`(location: String) async throws {
    try await FaultServer.run { server in
      server.script("/a", .redirect(to: location))
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .unavailable)
      }
    }
  }

  @Test func `refuses to leave https for http`() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("ca.pem", FaultServer.certificateAuthorityPEM)
    try await FaultServer.run { plain in
      plain.script("/b", .file(Self.file))
      try await FaultServer.run(tls: .trusted) { server in
        server.script("/a", .redirect(to: plain.url + "/b"))
        try await HTTPTransport.run(trusting: path) { transport in
          let error = try await transport.failure(of: server.url + "/a")
          #expect(error.code == .insecure)
          #expect(error.message.contains("https"))
        }
        #expect(server.requests.count == 1)
      }
      #expect(plain.requests.isEmpty)
    }
  }

  @Test func `goes from http to https`() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("ca.pem", FaultServer.certificateAuthorityPEM)
    try await FaultServer.run(tls: .trusted) { secure in
      secure.script("/b", .file(Self.file))
      try await FaultServer.run { server in
        server.script("/a", .redirect(to: secure.url + "/b"))
        try await HTTPTransport.run(trusting: path) { transport in
          let text = try await transport.get(server.url + "/a").text
          #expect(text == "0123456789")
        }
      }
    }
  }

  @Test func `shows the credentials of one host to no other`() async throws {
    try await FaultServer.run { other in
      other.script("/b", .file(Self.file))
      try await FaultServer.run { server in
        server.script("/a", .redirect(to: "/here"))
        server.script("/here", .redirect(to: other.url + "/b"))
        try await HTTPTransport.run(["TOKEN": "s3cret"]) { transport in
          try await transport.get(server.url + "/a") { $0.credential = .environment("TOKEN") }
          try await transport.get(
            server.url.replacing("http://", with: "http://ann:s3cret@") + "/a")
        }
        #expect(
          server.requests.map { $0.headers["authorization"] } == [
            "Bearer s3cret", "Bearer s3cret", "Basic YW5uOnMzY3JldA==", "Basic YW5uOnMzY3JldA==",
          ])
      }
      #expect(other.requests.count == 2)
      #expect(other.requests.allSatisfy { $0.headers["authorization"] == nil })
    }
  }

  @Test func `shows another host the credentials meant for it`() async throws {
    let folder = try TemporaryFolder()
    try await FaultServer.run { other in
      other.script("/b", .file(Self.file))
      let netrc = try folder.write(
        "netrc", "machine 127.0.0.1:\(other.port) login bob password pw\n")
      try await FaultServer.run { server in
        server.script("/a", .redirect(to: other.url + "/b"))
        try await HTTPTransport.run(["NETRC": netrc, "TOKEN": "s3cret"]) { transport in
          try await transport.get(server.url + "/a") { $0.credential = .environment("TOKEN") }
        }
        #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer s3cret"])
      }
      #expect(other.requests.map { $0.headers["authorization"] } == ["Basic Ym9iOnB3"])
    }
  }

  @Test func `continues at the target what broke off there`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .redirect(to: "/b"))
      server.script(
        "/b", .truncated(Self.file, after: 4, etag: "v1"), .file(Self.file, etag: "v1"))
      try await HTTPTransport.run { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text == "0123456789")
      }
      #expect(server.requests(to: "/b").last?.headers["range"] == "bytes=4-")
    }
  }
}
