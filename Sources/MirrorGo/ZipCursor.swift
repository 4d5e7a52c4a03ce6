/// Reads the records of a zip archive: little-endian numbers and counted texts.
struct ZipCursor {
  static let localMark: UInt32 = 0x0403_4B50
  static let localSize = 30
  private static let directoryMark: UInt32 = 0x0201_4B50
  /// The length of a directory entry without name, extra fields and comment.
  static let directorySize = 46
  private static let isEncrypted: UInt16 = 1

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  mutating func skip(_ count: Int) { place += count }

  mutating func number16() throws(ZipArchive.Fault) -> UInt16 { UInt16(try number(of: 2)) }

  mutating func number32() throws(ZipArchive.Fault) -> UInt32 { UInt32(try number(of: 4)) }

  /// A number of 64 bits that is a length or a place.
  mutating func number64() throws(ZipArchive.Fault) -> Int {
    guard let number = Int(exactly: try number(of: 8)) else {
      throw ZipArchive.Fault(reason: "has a number that no file is long enough for")
    }
    return number
  }

  mutating func text(of count: Int) throws(ZipArchive.Fault) -> [UInt8] {
    guard count <= bytes.count - place else { throw Self.short }
    defer { place += count }
    return Array(bytes[place..<(place + count)])
  }

  /// The next entry of a directory.
  mutating func entry() throws(ZipArchive.Fault) -> ZipEntry {
    guard try number32() == Self.directoryMark else {
      throw ZipArchive.Fault(reason: "has a damaged directory")
    }
    skip(4)
    let flags = try number16()
    let code = try number16()
    skip(4)
    let checksum = UInt(try number32())
    var (packedSize, size) = (Int(try number32()), Int(try number32()))
    let (nameSize, extraSize, commentSize) = (
      Int(try number16()), Int(try number16()), Int(try number16())
    )
    skip(8)
    var offset = Int(try number32())
    let name = try text(of: nameSize)
    try Self.widen(try text(of: extraSize), &size, &packedSize, &offset)
    _ = try text(of: commentSize)
    let text = String(decoding: name, as: UTF8.self)
    guard flags & Self.isEncrypted == 0 else {
      throw ZipArchive.Fault(reason: "'\(text)' is encrypted")
    }
    guard let method = ZipEntry.Method(rawValue: code) else {
      throw ZipArchive.Fault(reason: "'\(text)' is packed by the unknown method \(code)")
    }
    guard method == .deflated || packedSize == size else {
      throw ZipArchive.Fault(reason: "'\(text)' is of two lengths")
    }
    guard packedSize <= 1 << 48, offset <= 1 << 48 else {
      throw ZipArchive.Fault(reason: "'\(text)' lies outside")
    }
    return ZipEntry(
      name: name, method: method, checksum: checksum, packedSize: packedSize, size: size,
      offset: offset)
  }

  /// Takes the numbers that did not fit from the zip64 extra field (APPNOTE 4.5.3).
  private static func widen(
    _ extra: [UInt8], _ size: inout Int, _ packedSize: inout Int, _ offset: inout Int
  ) throws(ZipArchive.Fault) {
    var fields = ZipCursor(extra)
    while fields.bytes.count - fields.place >= 4 {
      let (tag, count) = (try fields.number16(), Int(try fields.number16()))
      var field = ZipCursor(try fields.text(of: count))
      guard tag == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.number64() }
      if packedSize == 0xFFFF_FFFF { packedSize = try field.number64() }
      if offset == 0xFFFF_FFFF { offset = try field.number64() }
    }
  }

  private mutating func number(of count: Int) throws(ZipArchive.Fault) -> UInt64 {
    guard count <= bytes.count - place else { throw Self.short }
    defer { place += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
  }

  private static let short = ZipArchive.Fault(reason: "has a damaged directory")
}
