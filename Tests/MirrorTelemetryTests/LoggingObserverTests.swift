import InMemoryLogging
import Logging
import MirrorCore
import MirrorTelemetry
import MirrorTesting
import Testing

@Suite struct LoggingObserverTests {
  private let scene: Scene
  private let handler: InMemoryLogHandler
  private let observer: LoggingObserver

  init() throws {
    scene = try Scene()
    var handler = InMemoryLogHandler()
    handler.logLevel = .trace
    self.handler = handler
    var logger = Logger(label: "test") { _ in handler }
    logger.logLevel = .trace
    observer = LoggingObserver(logger)
  }

  /// The lines as `level message: values`, without what times and digests are.
  private var lines: [String] {
    handler.entries.map { entry in
      let values = ["source", "outcome", "bytes"].compactMap { entry.metadata[$0] }
      return "\(entry.level) \(entry.message): \(values.map { "\($0)" }.joined(separator: " "))"
    }
  }

  @Test func `writes a miss, the hit that follows it, and what came of the request`() async {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    #expect(
      lines == [
        "debug source asked: acme miss", "debug source asked: origin hit",
        "info request ended: origin served 3",
      ])
    for entry in handler.entries {
      #expect(entry.metadata["ecosystem"] == "web")
      #expect(entry.metadata["identity"] == "https://files.example/tool.tgz")
      #expect(Int("\(entry.metadata["milliseconds"] ?? "")") != nil)
    }
    #expect(handler.entries.last?.metadata["digest"]?.description.hasPrefix("sha256:") == true)
  }

  @Test func `writes a hit of the store`() async {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    handler.clear()
    await scene.resolve(watchedBy: observer)
    #expect(
      lines == ["debug source asked: store hit", "info request ended: store served 3"])
  }

  @Test func `warns of corrupt bytes, though another source served`() async {
    scene.acme.script(scene.request.identity, .text("wrong"))
    scene.origin.script(scene.request.identity, .text("right"))
    await scene.resolve(pinned: "right", watchedBy: observer)
    #expect(
      lines == [
        "warning source asked: acme corrupt", "warning source asked: acme corrupt",
        "debug source asked: origin hit", "info request ended: origin served 5",
      ])
    #expect(handler.entries[0].metadata["reason"]?.description.contains("expected sha256:") == true)
  }

  @Test func `writes a failure with its reason`() async {
    scene.acme.script(scene.request.identity, .failure(.unavailable, "no route"))
    scene.origin.script(scene.request.identity, .failure(.denied, "show a login"))
    await scene.resolve(watchedBy: observer)
    #expect(
      lines == [
        "notice source asked: acme unavailable", "warning source asked: origin denied",
        "error request ended: denied",
      ])
    #expect(handler.entries.last?.metadata["reason"] == "show a login")
  }

  @Test func `writes no secret, not even where a real server refuses a login`() async throws {
    await scene.resolve(watchedBy: observer)
    let resolution = try await scene.resolveRefused(watchedBy: observer)
    #expect(resolution.attempts.map(\.outcome) == [.denied])
    #expect(handler.entries.count == 5)
    for entry in handler.entries {
      #expect(!"\(entry.message) \(entry.metadata)".contains(Scene.secret))
    }
  }
}
