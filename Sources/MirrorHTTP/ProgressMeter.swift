import MirrorCore
import Synchronization

/// A sink that passes everything on and remembers when bytes last came.
final class ProgressMeter: ByteSink {
  private let sink: any ByteSink
  private let last = Mutex(ContinuousClock.now)

  init(_ sink: any ByteSink) { self.sink = sink }

  /// How long there has been no progress.
  var silence: Duration { ContinuousClock.now - last.withLock { $0 } }

  var partial: Partial? { sink.partial }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    try sink.begin(content, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    try sink.write(bytes)
    last.withLock { $0 = .now }
  }
}
