import Foundation
import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// Who is answered, and what is not answered at all.
@Suite(.timeLimit(.minutes(2))) struct AccessTests {
  private static let bytes = Array("bytes".utf8)

  private func run(
    token: Secret? = Secret("t0ken"), _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    try await GatewayFixture.run { _, origin in
      origin.script("/a.bin", .file(Self.bytes))
      origin.script(
        "/simple/demo/",
        .status(
          200, headers: ["Content-Type": "text/html"],
          body: Array("<a href=\"/demo-1.0.zip\">demo-1.0.zip</a>".utf8)))
      origin.script("/demo-1.0.zip", .file(Self.bytes))
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      plan.token = token
      return plan
    } body: { fixture in
      try await body(fixture)
    }
  }

  private static func basic(_ login: String) -> String {
    "Basic \(Data(login.utf8).base64EncodedString())"
  }

  @Test(arguments: ["mirror:t0ken", "mirror+mark:t0ken"])
  func `lets in who shows the token in a header`(login: String) async throws {
    try await run { fixture in
      let login = Self.basic(login)
      let file = try await fixture.tool.ask(
        "\(fixture.origin.url)/a.bin", headers: ["Proxy-Authorization: \(login)"])
      #expect(file.status == 200 && file.body == Self.bytes)
      for name in ["Authorization", "Proxy-Authorization"] {
        let page = try await fixture.tool.ask(
          "/pip/simple/demo/", headers: ["\(name): \(login)"])
        #expect(page.status == 200)
      }
      #expect(
        fixture.origin.requests.allSatisfy {
          $0.headers["Authorization"] == nil && $0.headers["Proxy-Authorization"] == nil
        }, "the token left us")
    }
  }

  @Test func `lets in who shows the token in the path, and the links keep it`() async throws {
    try await run { fixture in
      let page = try await fixture.tool.ask("/t/t0ken/pip/simple/demo/")
      #expect(page.status == 200)
      let html = String(decoding: page.body, as: UTF8.self)
      let link = try #require(html.firstMatch(of: /href="\.\.\/\.\.\/([^"#]+)/)).1
      let file = try await fixture.tool.ask("/t/t0ken/pip/\(link)")
      #expect(file.status == 200 && file.body == Self.bytes)
    }
  }

  @Test(arguments: [
    [], ["Authorization: \(basic("mirror:wrong"))"], ["Authorization: \(basic("other:t0ken"))"],
    ["Authorization: Bearer t0ken"], ["Authorization: \(basic("mirror:t0ken"))x"],
    ["Authorization: "],
  ])
  func `asks everybody else for it, and asks nobody for them`(headers: [String]) async throws {
    try await run { fixture in
      let page = try await fixture.tool.ask("/pip/simple/demo/", headers: headers)
      #expect(page.status == 401 && page.isComplete)
      #expect(page.headers["www-authenticate"] == "Basic realm=\"mirror\"")
      let file = try await fixture.tool.ask("\(fixture.origin.url)/a.bin", headers: headers)
      #expect(file.status == 407 && file.isComplete)
      #expect(file.headers["proxy-authenticate"]?.hasPrefix("Basic realm=") == true)
      let unknown = try await fixture.tool.ask("/unknown", method: "POST", headers: headers)
      #expect(unknown.status == 401)
      #expect(fixture.origin.requests.isEmpty)
      #expect(!String(decoding: page.body + file.body, as: UTF8.self).contains("t0ken"))
    }
  }

  @Test(arguments: ["/t/wrong/pip/simple/demo/", "/t/t0ke/pip/simple/demo/", "/t/", "/t0ken/"])
  func `knows a wrong token in a path`(path: String) async throws {
    try await run { fixture in
      let answer = try await fixture.tool.ask(path)
      #expect(answer.status == 401)
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `lets everybody in when it has no token`() async throws {
    try await run(token: nil) { fixture in
      let page = try await fixture.tool.ask("/pip/simple/demo/")
      #expect(page.status == 200)
      let file = try await fixture.tool.ask("\(fixture.origin.url)/a.bin")
      #expect(file.body == Self.bytes)
    }
  }

  // MARK: What is not answered

  @Test(arguments: [
    "/", "/pip", "/pip/", "/pip/simple/", "/pip/none", "/apt/dists/", "/pip/file/x/y", "*",
    "/pip/simple/de%20mo/",
  ])
  func `says that nobody knows a path`(path: String) async throws {
    try await run(token: nil) { fixture in
      let answer = try await fixture.tool.ask(path)
      #expect(answer.status == 404 && answer.isComplete)
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
  func `carries no method but GET and HEAD`(method: String) async throws {
    try await run(token: nil) { fixture in
      let rewritten = "http://127.0.0.1.http.mirror.invalid:\(fixture.origin.port)/a.bin"
      for target in ["/pip/simple/demo/", rewritten] {
        let answer = try await fixture.tool.ask(target, method: method)
        #expect(answer.status == 501 && answer.isComplete)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(method))
      }
      #expect(fixture.origin.requests.isEmpty)
    }
  }

  @Test func `serves one question after the other on a connection`() async throws {
    try await run(token: nil) { fixture in
      let connection = try RawConnection(port: fixture.address.port)
      for _ in 0..<3 {
        try connection.ask("http://127.0.0.1.http.mirror.invalid:\(fixture.origin.port)/a.bin")
        #expect(await connection.readHead().hasPrefix("HTTP/1.1 200 "))
        #expect(await connection.read(Self.bytes.count) == Self.bytes)
      }
      #expect(fixture.origin.requests.count == 1)
    }
  }
}
