import InMemoryTracing
import Instrumentation
import MirrorCore
import MirrorTelemetry
import MirrorTesting
import Testing
import Tracing

@Suite struct TracingObserverTests {
  private let scene: Scene
  private let tracer = InMemoryTracer()
  private let observer: TracingObserver

  init() throws {
    scene = try Scene()
    observer = TracingObserver(tracer)
  }

  /// The spans as `name source outcome`, each after those within it.
  private var lines: [String] {
    tracer.finishedSpans.map { span in
      let values = ["mirror.source", "mirror.outcome"].compactMap { span.text($0) }
      return ([span.operationName] + values).joined(separator: " ")
    }
  }

  @Test func `has a span for every source that was asked, within the request's`() async throws {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    #expect(
      lines == [
        "mirror.attempt acme miss", "mirror.attempt origin hit", "mirror.request origin served",
      ])
    let request = try #require(tracer.finishedSpans.last)
    #expect(request.parentSpanID == nil)
    #expect(request.text("mirror.identity") == "https://files.example/tool.tgz")
    #expect(request.attributes.get("mirror.bytes") == .int64(3))
    for attempt in tracer.finishedSpans.dropLast() {
      #expect(attempt.parentSpanID == request.spanID)
      #expect(attempt.traceID == request.traceID)
      #expect(attempt.start >= request.start)
      #expect(attempt.end <= request.end)
    }
    #expect(tracer.activeSpans.isEmpty)
  }

  @Test func `lies within the span of whoever asks, and has what a mirror traces in it`()
    async
    throws
  {
    let tracer = tracer
    let mirror = InMemoryMirror(
      "acme",
      otherwise: ScriptedFinding { sink throws(MirrorError) in
        tracer.startSpan("mirror's own").end()
        try sink.receive(Array("abc".utf8), as: Content(size: 3))
        return .content(Content(size: 3))
      })
    let chain = FallbackChain([.mirror(mirror)], store: scene.store, observers: [observer])
    await tracer.withSpan("build") { _ in _ = await chain.resolve(scene.request) }
    let names = tracer.finishedSpans.map(\.operationName)
    #expect(names == ["mirror's own", "mirror.attempt", "mirror.request", "build"])
    for (inner, outer) in zip(tracer.finishedSpans, tracer.finishedSpans.dropFirst()) {
      #expect(inner.parentSpanID == outer.spanID, "\(inner.operationName)")
    }
  }

  @Test func `marks corrupt bytes and the request that failed for them`() async throws {
    scene.acme.script(scene.request.identity, .text("wrong"))
    scene.origin.script(scene.request.identity, .text("wrong"))
    await scene.resolve(pinned: "right", watchedBy: observer)
    #expect(lines.last == "mirror.request corrupt")
    #expect(lines.dropLast().allSatisfy { $0.hasSuffix(" corrupt") })
    #expect(tracer.finishedSpans.count > 2)
    for span in tracer.finishedSpans {
      #expect(span.status?.code == .error)
      #expect(span.status?.message?.contains("expected sha256:") == true)
    }
  }

  @Test func `has a span for a source that need not be asked`() async throws {
    scene.origin.script(scene.request.identity, .text("abc"))
    await scene.resolve(watchedBy: observer)
    tracer.clearFinishedSpans()
    await scene.resolve(watchedBy: observer)
    #expect(lines == ["mirror.attempt store hit", "mirror.request store served"])
    let request = try #require(tracer.finishedSpans.last)
    #expect(tracer.finishedSpans.first?.parentSpanID == request.spanID)
  }

  @Test func `writes no secret, not even where a real server refuses a login`() async throws {
    await scene.resolve(watchedBy: observer)
    _ = try await scene.resolveRefused(watchedBy: observer)
    #expect(lines.count == 5)
    for span in tracer.finishedSpans {
      var texts = [span.operationName, span.status?.message ?? ""]
      span.attributes.forEach { texts.append("\($0) \($1)") }
      #expect(!texts.joined(separator: " ").contains(Scene.secret))
    }
  }
}

extension FinishedInMemorySpan {
  fileprivate var start: UInt64 { startInstant.nanosecondsSinceEpoch }

  fileprivate var end: UInt64 { endInstant.nanosecondsSinceEpoch }

  /// The text of an attribute.
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text) = attributes.get(name) { text } else { nil }
  }
}
