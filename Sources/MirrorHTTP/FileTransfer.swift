import MirrorCore

/// A file of this machine, asked for by a `file:` URL: once, for a disk that does not answer now will
/// not in a second.
struct FileTransfer {
  private static let pieceSize = 1 << 18

  let retrieval: Retrieval

  /// Moves the file into the sink.
  ///
  /// - Throws: `misconfigured` when it is there and cannot be read.
  func run(to sink: any ByteSink) throws(MirrorError) -> Finding {
    let path = PercentEncoding.decode(retrieval.locator.path)
    guard !path.hasSuffix("/"), let file = try OpenFile(reading: path), let size = file.fileSize
    else { return .nothing(nil) }
    let content = Content(location: retrieval.locator.identity, size: size)
    try sink.begin(content, at: 0)
    var offset = 0
    while offset < size {
      let piece = try file.read(at: offset, count: min(Self.pieceSize, size - offset), path: path)
      guard !piece.isEmpty else {
        throw MirrorError(
          .unavailable,
          "\(retrieval.subject): \(retrieval.source) shortened \(path) while it was read")
      }
      try piece.withUnsafeBufferPointer { buffer throws(MirrorError) in
        try sink.write(UnsafeRawBufferPointer(buffer))
      }
      offset += piece.count
    }
    return .content(content)
  }
}
