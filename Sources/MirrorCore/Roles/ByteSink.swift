/// Where a mirror puts the bytes it was asked for.
///
/// A sink is used by one transfer at a time. It hashes what it is given; a mirror only has to say what
/// it is about to send, and send it.
public protocol ByteSink: Sendable {
  /// What is already here of an earlier transfer that broke, if it may be continued.
  var partial: Partial? { get }

  /// Announces content whose bytes follow from `offset` on.
  ///
  /// The offset is the count of ``partial``, which is continued, or 0, which starts anew.
  ///
  /// - Throws: `misconfigured` when the store cannot take them.
  func begin(_ content: Content, at offset: Int) throws(MirrorError)

  /// Takes the next bytes.
  ///
  /// - Throws: `misconfigured` when the store cannot take them.
  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError)
}

/// The beginning of a file from a transfer that broke, and what it takes to continue it.
public struct Partial: Hashable, Sendable {
  /// How many bytes are here.
  public let count: Int
  /// What the source said of the whole.
  public let content: Content

  /// Creates a description of a partial file.
  public init(count: Int, content: Content) {
    self.count = count
    self.content = content
  }
}

extension ByteSink {
  /// Gives all of the bytes at once.
  public func receive(_ bytes: some Sequence<UInt8>, as content: Content) throws(MirrorError) {
    let bytes = Array(bytes)
    var content = content
    content.size = bytes.count
    try begin(content, at: 0)
    try bytes.withUnsafeBufferPointer { buffer throws(MirrorError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }
}
