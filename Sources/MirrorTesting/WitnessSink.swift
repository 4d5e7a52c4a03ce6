import MirrorCore
import Synchronization

/// A sink that keeps the bytes, and what a mirror did to it that it must not do.
final class WitnessSink: ByteSink {
  private struct State {
    var bytes: [UInt8]
    var content: Content?
    var hasBegun = false
    var violations: [String] = []
  }

  private let isFull: Bool
  private let state: Mutex<State>

  init(holding bytes: [UInt8] = [], of content: Content? = nil, isFull: Bool = false) {
    self.isFull = isFull
    state = Mutex(State(bytes: bytes, content: content))
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }

  var violations: [String] { state.withLock { $0.violations } }

  var partial: Partial? {
    state.withLock { state in
      guard let content = state.content, !state.bytes.isEmpty, content.validator != nil else {
        return nil
      }
      return Partial(count: state.bytes.count, content: content)
    }
  }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    state.withLock { state in
      state.hasBegun = true
      if offset < 0 || offset > state.bytes.count {
        state.violations.append("it begins at \(offset) where \(state.bytes.count) bytes are held")
      }
      state.bytes = Array(state.bytes.prefix(max(0, offset)))
      state.content = content
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    if isFull { throw MirrorError(.misconfigured, "the store is full") }
    state.withLock { state in
      if !state.hasBegun { state.violations.append("it sends bytes before it says what they are") }
      state.bytes += bytes
    }
  }
}
