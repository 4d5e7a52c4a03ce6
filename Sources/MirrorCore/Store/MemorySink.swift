import Synchronization

/// A sink in memory, for the small documents that a mirror has to read itself.
public final class MemorySink: ByteSink {
  private let limit: Int
  private let state = Mutex<[UInt8]>([])

  /// Creates an empty sink.
  ///
  /// - Parameter limit: the most bytes it takes; more are a `misconfigured` source.
  public init(limit: Int = 64 << 20) { self.limit = limit }

  /// The bytes so far.
  public var bytes: [UInt8] { state.withLock { $0 } }

  /// Nothing is ever continued.
  public var partial: Partial? { nil }

  /// Starts anew.
  public func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    state.withLock { $0.removeLast($0.count - min(offset, $0.count)) }
  }

  /// Appends the bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    let fits = state.withLock { state in
      guard state.count + bytes.count <= limit else { return false }
      state += bytes
      return true
    }
    if !fits {
      throw MirrorError(.misconfigured, "a document of more than \(limit) bytes is no index")
    }
  }
}
