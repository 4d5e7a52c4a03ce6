import MetricsTestKit
import MirrorCore
import MirrorTelemetry
import MirrorTesting
import Testing

@Suite struct MetricsObserverTests {
  private let scene: Scene
  private let metrics = TestMetrics()
  private let observer: MetricsObserver

  init() throws {
    scene = try Scene()
    observer = MetricsObserver(metrics)
  }

  private func total(_ label: String, _ dimensions: KeyValuePairs<String, String>) -> Int64 {
    metrics.counterTotal(label: label, dimensions: dimensions.map { ($0.key, $0.value) })
  }

  @Test func `counts requests by what came of them`() async {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    await scene.resolve(watchedBy: observer)
    #expect(total("mirror.requests", ["ecosystem": "web", "outcome": "served"]) == 2)
    #expect(metrics.counterTotal(label: "mirror.requests") == 2)
  }

  @Test func `counts misses`() async {
    await scene.resolve(watchedBy: observer)
    #expect(total("mirror.requests", ["ecosystem": "web", "outcome": "missed"]) == 1)
    #expect(total("mirror.attempts", ["source": "acme", "outcome": "miss"]) == 1)
    #expect(total("mirror.attempts", ["source": "origin", "outcome": "miss"]) == 1)
  }

  @Test func `counts bytes by the source that gave them`() async {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    await scene.resolve(watchedBy: observer)
    await scene.resolve(watchedBy: observer)
    #expect(total("mirror.bytes", ["ecosystem": "web", "source": "origin"]) == 3)
    #expect(total("mirror.bytes", ["ecosystem": "web", "source": "store"]) == 6)
    #expect(metrics.counterTotal(label: "mirror.bytes") == 9)
  }

  @Test func `counts incidents, though another source served`() async {
    scene.acme.script(scene.request.identity, .text("wrong"))
    scene.origin.script(scene.request.identity, .text("right"))
    await scene.resolve(pinned: "right", watchedBy: observer)
    #expect(total("mirror.attempts", ["source": "acme", "outcome": "corrupt"]) == 2)
    #expect(total("mirror.requests", ["ecosystem": "web", "outcome": "served"]) == 1)
  }

  @Test func `times each request by what came of it`() async throws {
    scene.acme.script(scene.request.identity, .failure(.denied))
    await scene.resolve(watchedBy: observer)
    let timer = try metrics.expectTimer(
      "mirror.request.duration", [("ecosystem", "web"), ("outcome", "denied")])
    #expect(timer.values.count == 1)
    #expect(timer.values.allSatisfy { $0 > 0 })
  }

  @Test func `has no name of a package and no secret in a dimension`() async throws {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    _ = try await scene.resolveRefused(watchedBy: observer)
    let dimensions =
      metrics.counters.map { $0.dimensions } + metrics.timers.map { $0.dimensions }
    #expect(dimensions.count == 8)
    #expect(Set(dimensions.flatMap { $0.map(\.0) }) == ["ecosystem", "outcome", "source"])
    let values = Set(dimensions.flatMap { $0.map(\.1) })
    #expect(values == ["web", "served", "denied", "miss", "hit", "acme", "origin"])
  }
}
