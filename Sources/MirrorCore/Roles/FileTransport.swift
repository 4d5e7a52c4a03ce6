internal import Glibc

/// A transport that reads `file://` URLs itself and leaves the others to another transport.
///
/// So every mirror may be a folder of this machine: a tree of files, a medium that was brought in by
/// hand. What is not there is a miss; what cannot be read is misconfigured; nothing is tried twice.
public struct FileTransport: Transport {
  private let other: any Transport

  /// Puts the reading of files before a transport.
  public init(over other: any Transport) { self.other = other }

  /// Reads a file, or hands the URL on.
  ///
  /// - Throws: `misconfigured` when there is a file that cannot be read, or the URL names a host; and
  ///   what the other transport throws.
  public func get(
    _ retrieval: Retrieval, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let locator = retrieval.locator
    guard locator.scheme == "file" else { return try await other.get(retrieval, to: sink) }
    guard locator.host.isEmpty || locator.host == "localhost" else {
      throw MirrorError(
        .misconfigured, "\(retrieval.subject): \(locator) is a file of another machine")
    }
    let path = PercentEncoding.decode(locator.path)
    // A name that leads out of the folder is not one of its files.
    guard !path.split(separator: "/").contains(".."), !path.utf8.contains(0) else {
      return .nothing(nil)
    }
    return try await Self.read(path, as: locator.identity, to: sink)
  }

  private static let pieceSize = 1 << 18

  /// Gives the bytes of a file; nothing when there is none.
  static func read(
    _ path: String, as location: String? = nil, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard isRegular(path), let file = try OpenFile(reading: path) else { return .nothing(nil) }
    let content = Content(location: location, size: file.status().size)
    try await aside(when: content.size ?? 0 >= longWork) { () throws(MirrorError) in
      try copy(file, path, content, to: sink)
    }
    return .content(content)
  }

  private static func copy(
    _ file: OpenFile, _ path: String, _ content: Content, to sink: any ByteSink
  ) throws(MirrorError) {
    let size = content.size ?? 0
    try sink.begin(content, at: 0)
    var offset = 0
    while offset < size {
      guard !Task.isCancelled else {
        throw MirrorError(.unavailable, "\(path): cancelled while it was read")
      }
      let piece = try file.read(
        at: offset, count: min(pieceSize, size - offset), path: path)
      guard !piece.isEmpty else {
        throw MirrorError(.unavailable, "\(path): became shorter while it was read")
      }
      try piece.withUnsafeBufferPointer { buffer throws(MirrorError) in
        try sink.write(UnsafeRawBufferPointer(buffer))
      }
      offset += piece.count
    }
  }

  /// Whether there is a file; opening a pipe would wait for its writer.
  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFREG : errno == EACCES
  }
}
