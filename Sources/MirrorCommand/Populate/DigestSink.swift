import MirrorCore
import Synchronization

/// A sink that keeps nothing of the bytes but their digest.
final class DigestSink: ByteSink {
  private let hash = Mutex(ContentHash())

  /// The SHA-256 of the bytes.
  var digest: Digest { hash.withLock { $0.digest() } }

  var partial: Partial? { nil }

  func begin(_ content: Content, at offset: Int) { hash.withLock { $0 = ContentHash() } }

  func write(_ bytes: UnsafeRawBufferPointer) { hash.withLock { $0.update(bytes) } }
}
