import GoFixtures
import MirrorCore
import MirrorGo
import MirrorTesting
import Testing

/// A mirror that speaks the GOPROXY protocol: Athens, goproxy, Artifactory, Nexus, a tree of files.
@Suite struct GoMirrorTests {
  private static let root = "https://go.acme.example/api/go/all"

  private func ask(_ path: String, _ finding: ScriptedFinding) async throws -> String? {
    let transport = FakeTransport()
    let resolver = GoResolver()
    let request = try #require(resolver.request(path))
    transport.script("\(Self.root)/\(path)", finding)
    let mirror = try #require(
      resolver.mirror(.acme, over: transport, in: Surroundings(environment: [:])))
    let text = try await mirror.text(request)
    #expect(transport.retrievals.map(\.locator.url) == ["\(Self.root)/\(path)"])
    return text
  }

  @Test func `asks below its base, capital letters escaped as go escapes them`() async throws {
    let transport = FakeTransport()
    let resolver = GoResolver()
    let path = "example.test/%21upper/%21case/@v/v2.0.0+incompatible.zip"
    let request = try #require(resolver.request(path))
    transport.script("\(Self.root)/\(path)", .text("zip"))
    let mirror = try #require(
      resolver.mirror(.acme, over: transport, in: Surroundings(environment: [:])))
    #expect(try await mirror.text(request) == "zip")
    #expect(mirror.location(of: request) == "\(Self.root)/\(path)")
    #expect(mirror.endpoint(for: request) == "https://go.acme.example")
  }

  @Test(arguments: [
    "example.test/a/@v/list", "example.test/a/@latest", "example.test/a/@v/v1.0.0.info",
    "example.test/a/@v/v1.0.0.mod", "example.test/a/@v/v1.0.0.zip", "example.test/a/@v/main.info",
    "sumdb/sum.example.test/lookup/example.test/a@v1.0.0",
    "sumdb/sum.example.test/tile/8/0/000.p/3",
  ])
  func `a miss is a miss`(path: String) async throws {
    #expect(try await ask(path, .nothing(Reply(status: 410))) == nil)
  }

  @Test(arguments: [
    #"{"Version":"v1.0.0","Time":"2024-01-02T03:04:05Z"}"#,
    #"{"Time": "2024-01-02T03:04:05Z", "Version": "v1.0.0", "Origin": {"VCS": "git"}}"#,
  ])
  func `the facts of a version read the same whoever tells them`(text: String) async throws {
    let facts = #"{"Time":"2024-01-02T03:04:05Z","Version":"v1.0.0"}"#
    #expect(try await ask("example.test/a/@v/v1.0.0.info", .text(text)) == facts)
    #expect(try await ask("example.test/a/@latest", .text(text)) == facts)
    #expect(try await ask("example.test/a/@v/main.info", .text(text)) == facts)
  }

  @Test func `facts without a time are facts`() async throws {
    let text = #"{"Version":"v1.0.0"}"#
    #expect(try await ask("example.test/a/@v/v1.0.0.info", .text(text)) == text)
  }

  @Test(arguments: [
    ("v1.1.0\nv1.0.0\nv1.1.0\n", "v1.0.0\nv1.1.0\n"), ("", ""),
    ("v1.0.0 2024-01-02T03:04:05Z\r\n", "v1.0.0\n"),
    ("v2.0.0+incompatible", "v2.0.0+incompatible\n"),
  ])
  func `a list reads the same whoever tells it`(text: String, list: String) async throws {
    #expect(try await ask("example.test/a/@v/list", .text(text)) == list)
  }

  @Test(arguments: [
    ("example.test/a/@v/list", "<!DOCTYPE html><p>Sign in"),
    ("example.test/a/@v/list", "none"),
    ("example.test/a/@latest", "<!DOCTYPE html>"),
    ("example.test/a/@latest", "{}"),
    ("example.test/a/@latest", #"{"Version":"main"}"#),
    ("example.test/a/@v/v1.0.0.info", ""),
    ("example.test/a/@v/v1.0.0.info", #"{"Version":"v1.0.1"}"#),
    ("example.test/a/@v/v1.0.0.mod", "<html>"),
    ("example.test/a/@v/v1.0.0.mod", ""),
    ("sumdb/sum.example.test/lookup/example.test/a@v1.0.0", "not found"),
    ("sumdb/sum.example.test/latest", "<html>"),
  ])
  func `something else is no answer`(path: String, text: String) async throws {
    let error = await #expect(throws: MirrorError.self) { try await ask(path, .text(text)) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("acme") == true)
  }

  @Test(arguments: [
    "module example.test/a\n", "// Deprecated: gone\n\nmodule example.test/a // here\n",
    "module (\n\texample.test/a\n)\n",
  ])
  func `a go.mod comes as it is`(text: String) async throws {
    #expect(try await ask("example.test/a/@v/v1.0.0.mod", .text(text)) == text)
  }
}
