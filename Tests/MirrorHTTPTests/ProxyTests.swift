import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// The user's own proxies.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
  private static let file = Array("0123456789".utf8)
  private let folder: TemporaryFolder
  private let authority: String

  init() throws {
    folder = try TemporaryFolder()
    authority = try folder.write("ca.pem", FaultServer.certificateAuthorityPEM)
  }

  @Test func `are asked for a tunnel where it is https`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .file(Self.file))
      try await FaultServer.run { proxy in
        proxy.allowProxying()
        try await HTTPTransport.run(["https_proxy": proxy.url], trusting: authority) { transport in
          let text = try await transport.get(server.url + "/a").text
          #expect(text == "0123456789")
        }
        #expect(proxy.requests.map(\.description) == ["CONNECT localhost:\(server.port)"])
      }
      #expect(server.requests.map(\.target) == ["/a"])
    }
  }

  @Test func `are given their login, and nobody else is`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .file(Self.file))
      try await FaultServer.run { proxy in
        proxy.allowProxying(authorization: "Basic YW5uOnA6dw==")
        let url = "http://ann:p%3Aw@127.0.0.1:\(proxy.port)"
        try await HTTPTransport.run(
          ["https_proxy": url], trusting: authority
        ) { transport in
          let text = try await transport.get(server.url + "/a").text
          #expect(text == "0123456789")
        }
      }
      #expect(server.requests.first?.headers["proxy-authorization"] == nil)
    }
  }

  @Test func `are given a name that has no password`() async throws {
    try await FaultServer.run { proxy in
      proxy.allowProxying(authorization: "Basic YW5uOg==")
      proxy.script("http://files.example/a", .file(Self.file))
      try await HTTPTransport.run(["http_proxy": "http://ann@127.0.0.1:\(proxy.port)"]) {
        let text = try await $0.get("http://files.example/a").text
        #expect(text == "0123456789")
      }
    }
  }

  @Test(arguments: ["", "ann:s3cret@"])
  func `that refuse the login deny, and the message names them`(userInfo: String) async throws {
    try await FaultServer.run { proxy in
      proxy.allowProxying(authorization: "Basic other")
      let url = "http://\(userInfo)127.0.0.1:\(proxy.port)"
      try await HTTPTransport.run(["http_proxy": url, "https_proxy": url]) { transport in
        for scheme in ["http", "https"] {
          let error = try await transport.failure(of: "\(scheme)://files.example/a")
          #expect(error.code == .denied)
          #expect(error.message.contains("proxy"))
          #expect(!error.message.contains("s3cret"))
        }
      }
      #expect(proxy.requests.count == 2)
    }
  }

  @Test func `are asked for a plain URL as a whole, with the login for them alone`() async throws {
    try await FaultServer.run { proxy in
      proxy.allowProxying(authorization: "Basic YW5uOnB3")
      proxy.script("http://files.example:81/a?x=1", .file(Self.file))
      let url = "http://ann:pw@127.0.0.1:\(proxy.port)"
      try await HTTPTransport.run(["http_proxy": url]) { transport in
        let text = try await transport.get("http://files.example:81/a?x=1").text
        #expect(text == "0123456789")
      }
      let seen = try #require(proxy.requests.first)
      #expect(seen.description == "GET http://files.example:81/a?x=1")
      #expect(seen.headers["Host"] == "files.example:81")
      #expect(seen.headers["x-mirror-target"] == nil)
    }
  }

  @Test func `are left aside where no_proxy says so`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.file))
      let environment = [
        "http_proxy": try FaultServer.refusedURL(), "no_proxy": "h.example,127.0.0.1",
      ]
      try await HTTPTransport.run(environment) { transport in
        let text = try await transport.get(server.url + "/a").text
        #expect(text == "0123456789")
      }
    }
  }

  @Test func `that are not there make the source unavailable`() async throws {
    let environment = ["http_proxy": try FaultServer.refusedURL()]
    try await HTTPTransport.run(environment) { transport in
      let code = try await transport.failure(of: "http://files.example/a").code
      #expect(code == .unavailable)
    }
  }
}
