import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite struct HTTPMirrorTests {
  private let transport = FakeTransport()

  private func settings(
    _ base: String, _ change: (inout SourceSettings) -> Void = { _ in }
  ) throws
    -> SourceSettings
  {
    var settings = SourceSettings(name: "acme", url: try #require(Locator(base)))
    change(&settings)
    return settings
  }

  private func request(_ url: String = "https://files.example/a/tool.tgz?x=1") throws -> Request {
    let origin = try #require(Locator(url))
    return Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: origin.identity,
      package: PackageURL(type: "generic", name: "tool"), origin: origin)
  }

  @Test(arguments: [
    ("https://mirror.example", "https://mirror.example/files.example/a/tool.tgz%3Fx%3D1"),
    ("https://mirror.example/", "https://mirror.example/files.example/a/tool.tgz%3Fx%3D1"),
    ("https://mirror.example/base", "https://mirror.example/base/files.example/a/tool.tgz%3Fx%3D1"),
    ("http://mirror.example:81/b/", "http://mirror.example:81/b/files.example/a/tool.tgz%3Fx%3D1"),
  ])
  func `asks below its base`(base: String, url: String) async throws {
    transport.script(url, .text("abc"))
    let mirror = HTTPMirror(try settings(base), layout: .tree, over: transport)
    let sink = MemorySink()
    let finding = try await mirror.fetch(request(), to: sink)
    #expect(finding == .content(Content(size: 3)))
    #expect(sink.bytes == Array("abc".utf8))
    #expect(try mirror.location(of: request()) == url)
    #expect(try mirror.endpoint(for: request()) == Locator(base)?.endpoint)
  }

  @Test func `passes on what its settings and the request say`() async throws {
    let settings = try settings("https://ann:pw@mirror.example/") {
      $0.mode = .gatekeeper
      $0.absentCodes = [403]
      $0.credential = .environment("TOKEN")
    }
    var request = try request()
    request.reloads = true
    request.accept = "application/json"
    _ = try await HTTPMirror(settings, layout: .tree, over: transport)
      .fetch(request, to: MemorySink())
    let retrieval = try #require(transport.retrievals.first)
    #expect(retrieval.source == "acme")
    #expect(retrieval.subject == request.identity)
    #expect(retrieval.reloads)
    #expect(retrieval.accept == "application/json")
    #expect(retrieval.absentCodes == [403])
    #expect(retrieval.credential == .environment("TOKEN"))
    #expect(retrieval.isGatekeeper)
    #expect(retrieval.locator.userInfo?.reveal() == "ann:pw")
  }

  @Test func `has nothing where its layout names nothing, without asking`() async throws {
    let mirror = HTTPMirror(
      try settings("https://mirror.example/"), layout: .sha256, over: transport)
    #expect(try await mirror.fetch(request(), to: MemorySink()) == .nothing(nil))
    #expect(try mirror.location(of: request()) == nil)
    #expect(transport.retrievals.isEmpty)
  }

  @Test func `passes failures and misses on`() async throws {
    let url = "https://mirror.example/files.example/a/tool.tgz%3Fx%3D1"
    transport.script(url, .failure(.denied), .nothing(Reply(status: 410)))
    let mirror = HTTPMirror(try settings("https://mirror.example/"), layout: .tree, over: transport)
    let request = try request()
    let error = await #expect(throws: MirrorError.self) {
      try await mirror.fetch(request, to: MemorySink())
    }
    #expect(error?.code == .denied)
    #expect(try await mirror.fetch(request, to: MemorySink()) == .nothing(Reply(status: 410)))
  }

  @Test func `keeps to the chain's table`() async throws {
    let bytes = Array("0123456789".utf8)
    let content = Content(entityTag: "\"v1\"")
    transport.script(
      "https://mirror.example/files.example/a/tool.tgz%3Fx%3D1", .rest(of: bytes, as: content))
    let mirror = HTTPMirror(try settings("https://mirror.example/"), layout: .tree, over: transport)
    let table = ChainConformance(
      held: try request(), bytes: bytes, lacking: try request("https://files.example/none"))
    #expect(await table.violations(of: mirror) == [])
  }

  @Test(.timeLimit(.minutes(1))) func `keeps to the chain's table over a network too`() async throws
  {
    let bytes = Array("0123456789".utf8)
    try await FaultServer.run { server in
      server.script("/files.example/a/tool.tgz%3Fx%3D1", .file(bytes, etag: "v1"))
      try await HTTPTransport.run { transport in
        let mirror = HTTPMirror(try settings(server.url), layout: .tree, over: transport)
        let table = ChainConformance(
          held: try request(), bytes: bytes, lacking: try request("https://files.example/none"))
        #expect(await table.violations(of: mirror) == [])
      }
    }
  }
}
