import MirrorCore
import MirrorNpm
import MirrorTesting
import Testing

@Suite struct NpmResolverTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: ["left-pad", "@acme/tool", "left-pad/-/left-pad-1.3.0.tgz"],
      foreign: ["", "-/whoami", "a/b/c"], names: ["pkg:npm/left-pad@1.3.0"])
    #expect(await table.violations(of: NpmResolver()) == [])
  }

  @Test func `leads tarballs to the gateway, and asks the user's registry for them`() async throws {
    let resolver = NpmResolver()
    _ = resolver.redirection(
      to: GatewayAddress(host: "127.0.0.1", port: 8040, token: nil),
      in: Surroundings(environment: [:]), scratch: "/s")
    let answer = resolver.answer(to: Query(.path("a")), frozen: nil)
    guard case .page(_, let render) = answer else {
      Issue.record("no page: \(String(describing: answer))")
      return
    }
    let document =
      #"{"name":"a","versions":{"1.0.0":{"dist":{"tarball":"https://r.example/a/-/a-1.0.0.tgz"}}}}"#
    let page = try render(Array(document.utf8), Content())
    #expect(
      String(decoding: page.bytes, as: UTF8.self).replacing("\\/", with: "/")
        .contains("http://127.0.0.1:8040/npm/a/-/a-1.0.0.tgz"))
    let transport = FakeTransport()
    transport.script("https://r.example/npm/a/-/a-1.0.0.tgz", .text("tarball"))
    let surroundings = Surroundings(environment: ["npm_config_registry": "https://r.example/npm"])
    let request = try #require(resolver.request(naming: "pkg:npm/a@1.0.0"))
    let sink = MemorySink()
    _ = try await resolver.origin(over: transport, in: surroundings).fetch(request, to: sink)
    #expect(sink.bytes == Array("tarball".utf8))
  }

  @Test func `is wrong with the document of another package`() throws {
    guard case .page(_, let render) = NpmResolver().answer(to: Query(.path("a")), frozen: nil)
    else {
      Issue.record("no page")
      return
    }
    #expect(throws: MirrorError.self) { try render(Array(#"{"name":"b"}"#.utf8), Content()) }
  }
}
