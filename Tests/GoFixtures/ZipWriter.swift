internal import CZlib

/// Writes zip archives for tests: sound ones, and such as nobody should write.
public struct ZipWriter {
  /// One file, with what its records say of it.
  public struct File: Sendable {
    /// The name in the directory.
    public var name: String
    /// The bytes as they were.
    public var bytes: [UInt8]
    /// Whether they are deflated.
    public var isDeflated = true
    /// The name in the file's own header, where it is another.
    public var localName: String?
    /// The CRC-32 that the directory says, where it is another.
    public var checksum: UInt32?
    /// The length that the directory says, where it is another.
    public var size: Int?
    /// Where the directory says that the file begins, where it is elsewhere.
    public var offset: Int?
    /// Whether the directory's numbers stand in a zip64 field.
    public var isWide = false
    /// The flags.
    public var flags: UInt16 = 0
    /// The method's number, where it is another.
    public var method: UInt16?

    /// A sound file.
    public init(_ name: String, _ bytes: [UInt8], isDeflated: Bool = true) {
      self.name = name
      self.bytes = bytes
      self.isDeflated = isDeflated
    }

    /// A sound file of a text.
    public init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
  }

  /// The files.
  public var files: [File]
  /// Whether the record at the end is the zip64 one.
  public var isWide = false
  /// The comment at the end.
  public var comment: [UInt8] = []

  /// A sound archive.
  public init(_ files: [File]) { self.files = files }

  /// The archive.
  public var archive: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
      let packed = file.isDeflated ? Self.deflate(file.bytes) : file.bytes
      let method = file.method ?? (file.isDeflated ? 8 : 0)
      let checksum = file.checksum ?? Self.crc32(file.bytes)
      let offset = file.offset ?? bytes.count
      let local = Array((file.localName ?? file.name).utf8)
      bytes += number(0x0403_4B50, 4) + number(20, 2) + number(Int(file.flags), 2)
      bytes += number(Int(method), 2) + number(0, 4) + number(Int(checksum), 4)
      bytes += number(packed.count, 4) + number(file.bytes.count, 4)
      bytes += number(local.count, 2) + number(0, 2) + local + packed
      let size = file.size ?? file.bytes.count
      let extra =
        file.isWide
        ? number(1, 2) + number(24, 2) + number(size, 8) + number(packed.count, 8)
          + number(offset, 8) : []
      let name = Array(file.name.utf8)
      directory += number(0x0201_4B50, 4) + number(20, 2) + number(20, 2)
      directory += number(Int(file.flags), 2) + number(Int(method), 2) + number(0, 4)
      directory += number(Int(checksum), 4)
      directory += number(file.isWide ? 0xFFFF_FFFF : packed.count, 4)
      directory += number(file.isWide ? 0xFFFF_FFFF : size, 4)
      directory += number(name.count, 2) + number(extra.count, 2) + number(0, 2) + number(0, 8)
      directory += number(file.isWide ? 0xFFFF_FFFF : offset, 4) + name + extra
    }
    let start = bytes.count
    bytes += directory
    if isWide {
      let place = bytes.count
      bytes += number(0x0606_4B50, 4) + number(44, 8) + number(45, 2) + number(45, 2)
      bytes += number(0, 8) + number(files.count, 8) + number(files.count, 8)
      bytes += number(directory.count, 8) + number(start, 8)
      bytes += number(0x0706_4B50, 4) + number(0, 4) + number(place, 8) + number(1, 4)
    }
    let count = isWide ? 0xFFFF : files.count
    bytes += number(0x0605_4B50, 4) + number(0, 4) + number(count, 2) + number(count, 2)
    bytes += number(isWide ? 0xFFFF_FFFF : directory.count, 4)
    bytes += number(isWide ? 0xFFFF_FFFF : start, 4) + number(comment.count, 2) + comment
    return bytes
  }

  private func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32(0, bytes, UInt32(bytes.count)))
  }

  private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return [] }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    return input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = CZlib.deflate(&stream, Z_FINISH)
        return Array(target.prefix(target.count - Int(stream.avail_out)))
      }
    }
  }
}
