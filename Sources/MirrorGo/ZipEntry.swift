/// One file of a zip archive, as the archive's directory has it.
struct ZipEntry: Hashable {
  /// How the bytes are kept.
  enum Method: UInt16 {
    case stored = 0
    case deflated = 8
  }

  /// The name, byte for byte.
  var name: [UInt8]
  /// How the bytes are kept.
  var method: Method
  /// The CRC-32 of the bytes.
  var checksum: UInt
  /// The length that they take up in the archive.
  var packedSize: Int
  /// Their length.
  var size: Int
  /// Where the local header begins.
  var offset: Int

  /// The name for messages.
  var text: String { String(decoding: name, as: UTF8.self) }
}
