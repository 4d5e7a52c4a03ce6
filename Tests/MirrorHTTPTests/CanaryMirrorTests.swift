import MirrorCore
import MirrorHTTP
import MirrorTesting
import Synchronization
import Testing

/// An outage dressed as a 404.
@Suite struct CanaryMirrorTests {
  /// A clock that goes only when it is told to.
  private final class Clock: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
  }

  private let transport = FakeTransport()
  private let clock = Clock()
  private let canary = "https://mirror.example/base/alive.txt"

  private func mirror(_ path: String = "alive.txt") throws -> CanaryMirror {
    var settings = SourceSettings(
      name: "acme", url: try #require(Locator("https://mirror.example/base/")))
    settings.credential = .environment("TOKEN")
    settings.absentCodes = [403]
    let clock = clock
    return CanaryMirror(
      HTTPMirror(settings, layout: .tree, over: transport), canary: path, settings: settings,
      over: transport, now: { clock.now })
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
    #expect(transport.retrievals[1].absentCodes == [403])
  }

  @Test func `makes every miss an outage while it is gone`() async throws {
    let mirror = try mirror()
    for name in ["a", "b"] {
      let request = request(name)
      let error = await #expect(throws: MirrorError.self) {
        try await mirror.fetch(request, to: MemorySink())
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("canary") == true)
    }
    #expect(asked.count { $0 == canary } == 1)
  }

  @Test func `is looked for again after a minute`() async throws {
    transport.script(canary, .nothing(), .text("alive"), .nothing())
    let mirror = try mirror()
    for isAlive in [false, true, false] {
      for name in ["a", "b"] {
        let finding = try? await mirror.fetch(request(name), to: MemorySink())
        #expect((finding != nil) == isAlive)
        clock.advance(by: .seconds(29))
      }
      clock.advance(by: .seconds(2))
    }
    #expect(asked.count { $0 == canary } == 3)
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

  @Test func `is not asked for when there is a hit`() async throws {
    transport.script("https://mirror.example/base/files.example/a", .text("abc"))
    _ = try await mirror().fetch(request("a"), to: MemorySink())
    #expect(asked == ["https://mirror.example/base/files.example/a"])
  }

  @Test func `leaves name, endpoint and place to its mirror`() throws {
    let mirror = try mirror()
    #expect(mirror.name == "acme")
    #expect(mirror.endpoint(for: request("a")) == "https://mirror.example")
    #expect(mirror.location(of: request("a")) == "https://mirror.example/base/files.example/a")
  }
}
