internal import AsyncHTTPClient
import MirrorCore
internal import NIOCore
internal import NIOHTTP1

/// A file of the store on its way to a mirror.
struct UploadBody: Sendable {
  let file: OpenFile
  let size: Int
  let digests: [Digest]

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
    request.body = .stream(Pieces(file: file, size: size), length: .known(Int64(size)))
  }

  /// How long the slowest upload that counts as alive may take.
  func time(at rate: Int) -> Duration { .seconds(size / max(1, rate)) }

  /// The bytes of a file, piece by piece, as often as they are asked for.
  private struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let file: OpenFile
    let size: Int

    struct AsyncIterator: AsyncIteratorProtocol {
      let file: OpenFile
      let size: Int
      var offset = 0

      mutating func next() async throws -> ByteBuffer? {
        guard offset < size else { return nil }
        let piece = try file.read(at: offset, count: Swift.min(1 << 18, size - offset))
        guard !piece.isEmpty else {
          throw MirrorError(.corrupt, "a file of the store became shorter while it was uploaded")
        }
        offset += piece.count
        return ByteBuffer(bytes: piece)
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, size: size) }
  }
}
