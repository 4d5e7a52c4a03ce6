import Foundation
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct CredentialsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func basic(_ login: String) -> String {
    "Basic \(Data(login.utf8).base64EncodedString())"
  }

  /// The Authorization header that a server sees.
  private func header(
    _ environment: [String: String] = [:], path: String = "/a", userInfo: String = "",
    _ reference: CredentialReference? = nil
  ) async throws -> String? {
    try await FaultServer.run { server in
      server.script(path, .empty)
      let environment = environment.mapValues { $0.replacing("PORT", with: "\(server.port)") }
      if let netrc = folder.text(of: "netrc") {
        try folder.write("netrc", netrc.replacing("PORT", with: "\(server.port)"))
      }
      try await HTTPTransport.run(environment) { transport in
        try await transport.get(
          server.url.replacing("http://", with: "http://\(userInfo)") + path
        ) { $0.credential = reference }
      }
      return server.requests.first?.headers["authorization"]
    }
  }

  // MARK: References

  @Test(arguments: [
    ("s3cret", "Bearer s3cret"), ("ann:pw", basic("ann:pw")), ("ann:p:w", basic("ann:p:w")),
    ("s3cret\nsecond line", "Bearer s3cret"), ("s3cret\r\n", "Bearer s3cret"),
  ])
  func `come from the environment, a file or a command`(secret: String, value: String) async throws
  {
    #expect(try await header(["TOKEN": secret], .environment("TOKEN")) == value)
    let file = try folder.write("token", secret)
    #expect(try await header([:], .file(file)) == value)
    #expect(try await header([:], .command(["cat", file])) == value)
  }

  @Test(arguments: [
    CredentialReference.environment("NONE"), .environment("EMPTY"), .file("/none/token"),
    .command(["false"]), .command(["/none/program"]), .command(["true"]),
  ])
  func `that lead nowhere are a wrong setting`(reference: CredentialReference) async throws {
    try await FaultServer.run { server in
      try await HTTPTransport.run(["EMPTY": ""]) { transport in
        let error = try await transport.failure(of: server.url + "/a") { $0.credential = reference }
        #expect(error.code == .misconfigured)
        #expect(error.message.contains("\(reference)"))
        #expect(error.message.contains("acme"))
      }
      #expect(server.requests.isEmpty)
    }
  }

  // MARK: netrc

  @Test(arguments: [
    ("machine 127.0.0.1 login ann password pw", "ann:pw"),
    ("machine 127.0.0.1\n  login ann\n  password pw\n", "ann:pw"),
    ("# ours\r\nmachine 127.0.0.1 login ann\r\npassword pw\r\n", "ann:pw"),
    ("machine\t127.0.0.1\tpassword\tpw\tlogin\tann", "ann:pw"),
    ("# ours\nmachine 127.0.0.1 login ann password pw # old one", "ann:pw"),
    ("machine 127.0.0.1 login ann password #pw", "ann:#pw"),
    ("machine 127.0.0.1:PORT login ann password pw", "ann:pw"),
    ("machine http://127.0.0.1:PORT login ann password pw", "ann:pw"),
    ("machine http://127.0.0.1:PORT/a login ann password pw", "ann:pw"),
    ("machine http://127.0.0.1:PORT/a/ login ann password pw", "ann:pw"),
    ("default login ann password pw", "ann:pw"),
    ("machine h.example login bob password x machine 127.0.0.1 login ann password pw", "ann:pw"),
    ("default login bob password x\nmachine 127.0.0.1 login ann password pw", "ann:pw"),
    (
      "machine 127.0.0.1 login bob password x\nmachine 127.0.0.1/a/b login ann password pw",
      "ann:pw"
    ),
    (
      "machine 127.0.0.1/a/b login ann password pw\nmachine 127.0.0.1/a login bob password x",
      "ann:pw"
    ),
    ("machine 127.0.0.1 login ann password pw\nmachine 127.0.0.1 login bob password x", "ann:pw"),
    ("machine 127.0.0.1 login ann", "ann:"), ("machine 127.0.0.1 password pw", ":pw"),
  ])
  func `are read from netrc`(text: String, login: String) async throws {
    let path = try folder.write("netrc", text)
    #expect(try await header(["NETRC": path], path: "/a/b/c") == Self.basic(login))
  }

  @Test(arguments: [
    "", "machine h.example login ann password pw", "machine 127.0.0.1:1 login ann password pw",
    "machine https://127.0.0.1:PORT login ann password pw",
    "machine 127.0.0.1/other login ann password pw", "machine 127.0.0.1/a/bc login ann password pw",
    "machine 127.0.0.1/a/b/c/d login ann password pw", "# machine 127.0.0.1 login ann password pw",
    "machine 1127.0.0.1 login ann password pw", "login ann password pw",
  ])
  func `are not shown to a host that netrc does not name`(text: String) async throws {
    let path = try folder.write("netrc", text)
    #expect(try await header(["NETRC": path], path: "/a/b/c") == nil)
  }

  @Test func `are read from the netrc at home where no other is named`() async throws {
    try folder.write(".netrc", "machine 127.0.0.1 login ann password pw")
    #expect(try await header(["HOME": folder.path]) == Self.basic("ann:pw"))
    let other = try folder.write("other", "machine 127.0.0.1 login bob password x")
    #expect(try await header(["HOME": folder.path, "NETRC": other]) == Self.basic("bob:x"))
    #expect(try await header(["HOME": "\(folder.path)/none"]) == nil)
  }

  @Test func `are not read from netrc where that is switched off`() async throws {
    let path = try folder.write("netrc", "default login ann password pw")
    try await FaultServer.run { server in
      server.script("/a", .empty)
      try await HTTPTransport.run(["NETRC": path], usesNetrc: false) { transport in
        try await transport.get(server.url + "/a")
      }
      #expect(server.requests.map { $0.headers["authorization"] } == [nil])
    }
  }

  // MARK: Which one

  @Test func `of a mirror are shown to its own endpoint alone`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .empty)
      try await HTTPTransport.run(["TOKEN": "s3cret"]) { transport in
        try await transport.get(server.url + "/a") {
          $0.credential = .environment("TOKEN")
          $0.credentialEndpoint = "https://mirror.example"
        }
      }
      #expect(server.requests.map { $0.headers["authorization"] } == [nil])
    }
  }

  @Test func `are asked of a command once`() async throws {
    let count = "\(folder.path)/count"
    let script = try folder.write("helper", "#!/bin/sh\necho x >> \(count)\necho s3cret\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    try await FaultServer.run { server in
      server.script("/a", .empty)
      try await HTTPTransport.run { transport in
        for _ in 0..<3 {
          try await transport.get(server.url + "/a") { $0.credential = .command(["sh", script]) }
        }
      }
      let headers = server.requests.map { $0.headers["authorization"] }
      #expect(headers == Array(repeating: "Bearer s3cret", count: 3))
    }
    #expect(folder.text(of: "count") == "x\n")
  }

  @Test func `of the mirror come before those in its URL, and these before netrc`() async throws {
    let path = try folder.write("netrc", "default login netrc password pw")
    let environment = ["NETRC": path, "TOKEN": "s3cret"]
    #expect(
      try await header(environment, userInfo: "ann:pw@", .environment("TOKEN")) == "Bearer s3cret")
    #expect(try await header(environment, userInfo: "ann:pw@") == Self.basic("ann:pw"))
    #expect(try await header(environment) == Self.basic("netrc:pw"))
  }

  @Test func `in a URL are decoded`() async throws {
    #expect(try await header(userInfo: "ann%40corp:p%3Aw@") == Self.basic("ann@corp:p:w"))
  }

  @Test func `in a URL are a login even without a password`() async throws {
    #expect(try await header(userInfo: "ann@") == Self.basic("ann:"))
  }

  // MARK: Refusals

  @Test(arguments: [401, 403])
  func `are named by their place when they are refused`(status: Int) async throws {
    let netrc = try folder.write("netrc", "default login ann password s3cret")
    let file = try folder.write("token", "s3cret")
    let environment = ["NETRC": netrc, "TOKEN": "s3cret"]
    try await FaultServer.run { server in
      server.setDefault(.status(status))
      try await HTTPTransport.run(environment) { transport in
        for reference in [
          CredentialReference.environment("TOKEN"), .file(file), .command(["cat", file]),
        ] {
          let error = try await transport.failure(of: server.url + "/a") {
            $0.credential = reference
          }
          #expect(error.code == .denied)
          #expect(error.message.contains("answered \(status)"))
          #expect(error.message.contains("\(reference)"))
        }
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.message.contains("netrc for 127.0.0.1:\(server.port)"))
      }
    }
  }

  @Test func `never stand in a message`() async throws {
    let answers: [FaultAnswer] = [
      .status(401), .status(404), .status(500), .reset,
      .redirect(to: "ftp://ann:s3cret@h.example/"),
      .redirect(to: "http://ann:s3cret@"),
      .redirect(to: "http://ann:s3cret@127.0.0.1:1/?sig=s3cret"),
      .truncated(Array("0123".utf8), after: 2),
    ]
    for answer in answers {
      try await FaultServer.run { server in
        server.setDefault(answer)
        try await HTTPTransport.run(["TOKEN": "s3cret"], patience: .once) { transport in
          let url = server.url.replacing("http://", with: "http://ann:s3cret@") + "/a?sig=s3cret"
          for reference in [nil, CredentialReference.environment("TOKEN")] {
            let retrieval = Retrieval(
              try #require(Locator(url)), subject: "tool.tgz", source: "acme",
              credential: reference)
            do throws(MirrorError) {
              let finding = try await transport.get(retrieval, to: FileSink())
              #expect(!"\(finding)".contains("s3cret"))
            } catch {
              #expect(!"\(error)".contains("s3cret"))
              #expect(!error.message.contains("s3cret"))
              #expect(!String(reflecting: error).contains("s3cret"))
            }
          }
        }
      }
    }
  }
}
