import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// An outage dressed as a 404.
@Suite struct CanaryTests {
  private let transport = FakeTransport()
  private let canary = "https://mirror.example/base/alive.txt"

  private func mirror(_ path: String? = "alive.txt") throws -> HTTPMirror {
    var settings = SourceSettings(
      name: "acme", url: try #require(Locator("https://mirror.example/base/")))
    settings.canary = path
    settings.credential = .environment("TOKEN")
    return HTTPMirror(settings, layout: .tree, over: transport)
  }

  private func request(_ name: String) -> Request {
    let origin = Locator(scheme: "https", host: "files.example", path: "/\(name)")
    return Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: origin.identity,
      package: PackageURL(type: "generic", name: name), origin: origin)
  }

  private var asked: [String] { transport.retrievals.map(\.locator.url) }

  @Test(arguments: ["alive.txt", "/alive.txt"])
  func `is asked for at the first miss, and a living one is believed`(path: String) async throws {
    transport.script(canary, .text("alive"))
    let mirror = try mirror(path)
    for name in ["a", "b"] {
      #expect(
        try await mirror.fetch(request(name), to: MemorySink()) == .nothing(Reply(status: 404)))
    }
    #expect(asked.count == 3)
    #expect(asked[1] == canary)
    #expect(transport.retrievals[1].credential == .environment("TOKEN"))
  }

  @Test func `makes a miss an outage when it is gone`() async throws {
    let mirror = try mirror()
    for name in ["a", "b"] {
      let request = request(name)
      let error = await #expect(throws: MirrorError.self) {
        try await mirror.fetch(request, to: MemorySink())
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("canary") == true)
    }
    #expect(asked.count { $0 == canary } == 2)
  }

  @Test(arguments: [MirrorError.Code.unavailable, .denied, .insecure])
  func `passes on why it could not be asked for`(code: MirrorError.Code) async throws {
    transport.script(canary, .failure(code))
    let mirror = try mirror()
    let request = request("a")
    let error = await #expect(throws: MirrorError.self) {
      try await mirror.fetch(request, to: MemorySink())
    }
    #expect(error?.code == code)
  }

  @Test func `is not asked for when there is a hit, or none is named`() async throws {
    transport.script("https://mirror.example/base/files.example/a", .text("abc"))
    _ = try await mirror().fetch(request("a"), to: MemorySink())
    _ = try await mirror(nil).fetch(request("b"), to: MemorySink())
    #expect(!asked.contains(canary))
    #expect(asked.count == 2)
  }
}
