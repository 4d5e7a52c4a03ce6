import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
  private let folder: TemporaryFolder
  private let authority: String

  init() throws {
    folder = try TemporaryFolder()
    authority = try folder.write("ca.pem", FaultServer.certificateAuthorityPEM)
  }

  @Test func `trusts a server whose authority it was given`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .file(Array("0123".utf8)))
      try await HTTPTransport.run(trusting: authority) { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text == "0123")
      }
    }
  }

  @Test(arguments: [TestCertificate.wrongHost, .expired, .selfSigned])
  func `trusts no server that cannot prove who it is`(certificate: TestCertificate) async throws {
    try await FaultServer.run(tls: certificate) { server in
      server.script("/a", .file(Array("0123".utf8)))
      try await HTTPTransport.run(["TOKEN": "s3cret"], trusting: authority) { transport in
        let sink = FileSink()
        let error = try await transport.failure(of: server.url + "/a", to: sink) {
          $0.credential = .environment("TOKEN")
        }
        #expect(error.code == .insecure)
        #expect(error.message.contains("localhost"))
        #expect(sink.bytes.isEmpty)
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `trusts no authority that it was not given`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .insecure)
        #expect(error.message.contains("ca-file"))
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `is unavailable where a session breaks off without an alert`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .truncated(Array("0123456789".utf8), after: 4))
      try await HTTPTransport.run(trusting: authority) { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test(arguments: [FaultAnswer.reset, .close])
  func `is unavailable where a session ends before an answer`(answer: FaultAnswer) async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", answer)
      try await HTTPTransport.run(trusting: authority) { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
    }
  }

  @Test func `is unavailable where a server does not speak TLS`() async throws {
    var patience = Patience.once
    // It is waited for: it has no answer to a TLS greeting.
    patience.connect = .seconds(2)
    try await FaultServer.run { server in
      try await HTTPTransport.run(patience: patience, trusting: authority) { transport in
        let error = try await transport.failure(of: "https://127.0.0.1:\(server.port)/a")
        #expect([.unavailable, .insecure].contains(error.code))
      }
    }
  }

  @Test(arguments: ["", "no certificate"])
  func `is misconfigured by a file that holds no authority`(text: String) throws {
    let path = try folder.write("bad.pem", text)
    for path in [path, "\(folder.path)/none.pem"] {
      let error = #expect(throws: MirrorError.self) {
        try HTTPTransport(environment: [:], certificateAuthorities: path)
      }
      #expect(error?.code == .misconfigured)
      #expect(error?.message.contains(path) == true)
    }
  }
}
