import Dispatch
import MirrorCore
import MirrorTesting
import Synchronization
import Testing

/// Work on an event loop, which long work must leave: a queue stands for the loop.
@Suite(.timeLimit(.minutes(1))) struct LongWorkTests {
  private final class Loop: TaskExecutor {
    private static let mark = DispatchSpecificKey<Bool>()
    private let queue = DispatchQueue(label: "loop")

    init() { queue.setSpecific(key: Self.mark, value: true) }

    static var isCurrent: Bool { DispatchQueue.getSpecific(key: mark) ?? false }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  /// Notes whether bytes came on the loop.
  private final class Place: ByteSink {
    let wereOnLoop = Mutex<Set<Bool>>([])
    var partial: Partial? { nil }

    func begin(_ content: Content, at offset: Int) {}

    func write(_ bytes: UnsafeRawBufferPointer) {
      wereOnLoop.withLock { _ = $0.insert(Loop.isCurrent) }
    }
  }

  /// Notes whether the check ran on the loop.
  private struct Check: Verifier {
    let isLong: Bool
    let place: Place

    func fault(
      in bytes: OpenFile, size: Int, of request: Request, from source: String
    ) -> MirrorError? {
      place.wereOnLoop.withLock { _ = $0.insert(Loop.isCurrent) }
      return nil
    }

    func takesLong(_ request: Request, size: Int) -> Bool { isLong }
  }

  @Test(arguments: [1 << 10, 1 << 20])
  func `a file of this machine is copied on the loop when it is short`(size: Int) async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", String(repeating: "x", count: size))
    let locator = try #require(Locator("file://\(folder.path)/file"))
    let place = Place()
    let copying = Task(executorPreference: Loop()) {
      try await FileTransport(over: FakeTransport())
        .get(Retrieval(locator, subject: "file", source: "acme"), to: place)
    }
    _ = try await copying.value
    #expect(place.wereOnLoop.withLock { $0 } == [size < 1 << 18])
  }

  @Test(arguments: [true, false])
  func `what an ecosystem calls a long check is made beside the loop`(isLong: Bool) async throws {
    let folder = try TemporaryFolder()
    let place = Place()
    let chain = FallbackChain(
      [.mirror(InMemoryMirror("acme", otherwise: .text("abc")))],
      store: try Store(at: folder.path), verifier: Check(isLong: isLong, place: place))
    let resolving = Task(executorPreference: Loop()) { await chain.resolve(.file()) }
    #expect(await resolving.value.text == "abc")
    #expect(place.wereOnLoop.withLock { $0 } == [!isLong])
  }
}
