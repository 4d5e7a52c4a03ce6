import MirrorCore
import MirrorTesting
import MirrorWeb
import Testing

@Suite struct WebOriginTests {
  private let transport = FakeTransport()
  private let origin: any Mirror
  private let request: Request

  init() throws {
    let resolver = WebResolver()
    origin = resolver.origin(
      over: transport, in: Surroundings(environment: [:]))
    request = try #require(
      resolver.request(naming: "https://user:s3cret@files.example:8443/a.tgz?sig=abc&x=1"))
  }

  @Test func `asks the server that the URL names, signature and all`() async throws {
    let url = "https://files.example:8443/a.tgz?sig=abc&x=1"
    transport.script(url, .text("bytes", as: Content(type: "text/plain")))
    let sink = MemorySink()
    let finding = try await origin.fetch(request, to: sink)
    guard case .content(let content) = finding else {
      Issue.record("it has nothing")
      return
    }
    #expect(content.type == "text/plain")
    #expect(sink.bytes == Array("bytes".utf8))
    let retrieval = try #require(transport.retrievals.first)
    #expect(transport.retrievals.count == 1)
    #expect(retrieval.locator.url == url)
    #expect(retrieval.locator.userInfo?.reveal() == "user:s3cret")
    #expect(retrieval.subject == "https://files.example:8443/a.tgz?x=1")
    #expect(retrieval.source == "origin")
    #expect(retrieval.isGatekeeper, "nobody stands behind the origin, so it is due more patience")
    #expect(retrieval.credential == nil)
    #expect(!retrieval.reloads)
  }

  @Test func `hands on that caches are to be passed by, and what the tool reads`() async throws {
    var request = request
    request.reloads = true
    request.accept = "text/html"
    _ = try await origin.fetch(request, to: MemorySink())
    #expect(transport.retrievals.map(\.reloads) == [true])
    #expect(transport.retrievals.map(\.accept) == ["text/html"])
  }

  @Test func `has nothing where the server has nothing, in the server's words`() async throws {
    let reply = Reply(status: 410, type: "text/plain", body: Array("gone".utf8))
    transport.script(request.origin.url, .nothing(reply))
    let finding = try await origin.fetch(request, to: MemorySink())
    guard case .nothing(let words) = finding else {
      Issue.record("it claims to have it")
      return
    }
    #expect(words == reply)
  }

  @Test(arguments: [MirrorError.Code.unavailable, .denied, .insecure, .misconfigured])
  func `fails as the transport fails`(code: MirrorError.Code) async {
    transport.script(request.origin.url, .failure(code))
    let error = await #expect(throws: MirrorError.self) {
      _ = try await origin.fetch(request, to: MemorySink())
    }
    #expect(error?.code == code)
  }

  @Test func `is bound to scheme, host and port, and told to people without a login`() {
    #expect(origin.name == "origin")
    #expect(origin.endpoint(for: request) == "https://files.example:8443")
    #expect(origin.location(of: request) == "https://files.example:8443/a.tgz?x=1")
  }
}
