import MirrorCore
import Synchronization

/// A sink that shows what a broken transfer left behind only to the server that it came from: a list of
/// proxies shares one sink, and half a file of one is never continued with the other half of another.
final class SingleSourceSink: ByteSink {
  private let sink: any ByteSink
  private let endpoint: String
  private let hasBegun = Mutex(false)

  init(_ sink: any ByteSink, endpoint: String) {
    self.sink = sink
    self.endpoint = endpoint
  }

  var partial: Partial? {
    guard let partial = sink.partial else { return nil }
    if hasBegun.withLock({ $0 }) { return partial }
    let location = partial.content.location.flatMap { Locator($0) }
    return location?.endpoint == endpoint ? partial : nil
  }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    hasBegun.withLock { $0 = true }
    try sink.begin(content, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) { try sink.write(bytes) }
}
