internal import CZlib
import MirrorCore

/// Raw deflate data (RFC 1951) turned back into what it was, piece by piece in bounded memory.
final class Inflation {
  /// Why data is none.
  struct Fault: Error {
    let reason: String
  }

  private static let pieceSize = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private let piece = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Inflation.pieceSize, alignment: 16)
  /// Whether the data came to its own end.
  private(set) var isComplete = false

  /// Begins.
  ///
  /// - Throws: when there is no memory for it.
  init() throws(Fault) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative: deflate data without a header, as zip files have it (zlib.h).
    let status = inflateInit2_(
      stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw Fault(reason: "zlib cannot begin (\(status))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Takes the next bytes in, and hands on what they were.
  ///
  /// - Throws: when they are no deflate data, go on behind its end, or `body` says so.
  func update(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    guard !bytes.isEmpty else { return }
    // zlib reads the input and does not write it; its interface is only older than `const`.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(bytes.count)
    while !isComplete {
      stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(piece.count)
      let status = inflate(stream, Z_NO_FLUSH)
      let count = piece.count - Int(stream.pointee.avail_out)
      if count > 0 { try body(UnsafeRawBufferPointer(rebasing: piece[..<count])) }
      switch status {
      case Z_STREAM_END: isComplete = true
      case Z_OK: if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return }
      case Z_BUF_ERROR: return
      default: throw Fault(reason: "is no deflate data (\(status))")
      }
    }
    if stream.pointee.avail_in > 0 { throw Fault(reason: "has bytes behind its end") }
  }

  /// The CRC-32 of zip files, continued with further bytes.
  static func crc32(_ sum: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
    UInt(CZlib.crc32(UInt(sum), bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
  }
}
