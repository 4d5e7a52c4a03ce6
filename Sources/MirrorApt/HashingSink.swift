import MirrorCore
import Synchronization

/// A sink that hashes what passes through it, as far as it saw the bytes from the first one on.
final class HashingSink: ByteSink {
  private struct State {
    var hash = ContentHash()
    var isWhole = false
  }

  private let sink: any ByteSink
  private let state = Mutex(State())

  init(_ sink: any ByteSink) { self.sink = sink }

  /// Whether everything passed through here: nothing of an earlier transfer was continued.
  var isWhole: Bool { state.withLock { $0.isWhole } }

  /// The SHA-256 of what passed.
  var digest: Digest { state.withLock { $0.hash.digest() } }

  var partial: Partial? { sink.partial }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    try sink.begin(content, at: offset)
    // A transfer that breaks and goes on within one fetch begins at an offset as well.
    guard offset == 0 else { return }
    state.withLock { $0 = State(isWhole: true) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    try sink.write(bytes)
    state.withLock { $0.hash.update(bytes) }
  }
}
