internal import AsyncHTTPClient
import MirrorCore
internal import NIOCore
internal import NIOHTTP1
import Synchronization

/// A file of the store on its way to a mirror.
struct UploadBody: Sendable {
  let file: OpenFile
  let size: Int
  let digests: [Digest]
  private let progress = UploadProgress()

  init(file: OpenFile, size: Int, digests: [Digest]) {
    self.file = file
    self.size = size
    self.digests = digests
  }

  /// The SHA-256 of it, where it is known.
  var sha256: Digest? { digests.first { $0.algorithm == .sha256 } }

  /// The checksums that Artifactory checks an upload by ("Deploy Artifact" in JFrog's REST documentation);
  /// others pass them by.
  private static let checksumFields: [(Digest.Algorithm, String)] = [
    (.sha256, "X-Checksum-Sha256"), (.sha1, "X-Checksum-Sha1"), (.md5, "X-Checksum-Md5"),
  ]

  /// Puts body and checksums into a request.
  func add(to request: inout HTTPClientRequest) {
    for (algorithm, field) in Self.checksumFields {
      guard let digest = digests.first(where: { $0.algorithm == algorithm }) else { continue }
      request.headers.add(name: field, value: digest.hex)
    }
    request.headers.add(name: "Content-Type", value: "application/octet-stream")
    request.body = .stream(
      Pieces(file: file, size: size, progress: progress), length: .known(Int64(size)))
  }

  /// Does the work of sending it, which ends some time after the server took a piece for the last time.
  ///
  /// The system holds a few MiB of it, which are a while on a slow way; what the server does with the whole
  /// takes its time too.
  func send<Answer: Sendable>(
    _ patience: Patience, _ work: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    progress.note()
    return try await until(
      { [progress] in progress.last + patience.firstByte + patience.stall * 2 }, work)
  }

  /// The bytes of a file, piece by piece, as often as they are asked for.
  private struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let file: OpenFile
    let size: Int
    let progress: UploadProgress

    struct AsyncIterator: AsyncIteratorProtocol {
      let file: OpenFile
      let size: Int
      let progress: UploadProgress
      var offset = 0

      mutating func next() async throws -> ByteBuffer? {
        progress.note()
        guard offset < size else { return nil }
        let piece = try file.read(at: offset, count: Swift.min(1 << 18, size - offset))
        guard !piece.isEmpty else {
          throw MirrorError(.corrupt, "a file of the store became shorter while it was uploaded")
        }
        offset += piece.count
        return ByteBuffer(bytes: piece)
      }
    }

    func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(file: file, size: size, progress: progress)
    }
  }
}

/// When a piece of an upload was last asked for.
private final class UploadProgress: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var last: ContinuousClock.Instant { time.withLock { $0 } }

  func note() { time.withLock { $0 = .now } }
}
