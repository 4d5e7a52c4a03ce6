import MirrorCore

/// Where the directory of a zip archive lies: what the record at the archive's end says.
struct ZipDirectory {
  private static let endMark: UInt32 = 0x0605_4B50
  private static let endSize = 22
  private static let commentLimit = 0xFFFF
  private static let wideLocatorMark: UInt32 = 0x0706_4B50
  private static let wideLocatorSize = 20
  private static let wideEndMark: UInt32 = 0x0606_4B50
  private static let wideEndSize = 56

  /// How many files there are.
  let count: Int
  /// The directory's length in bytes.
  let size: Int
  /// Where it begins.
  let offset: Int

  /// Finds the record in the first `size` bytes of a file.
  ///
  /// - Throws: when there is none, or when it speaks of another part of a split archive.
  init(in file: OpenFile, size length: Int) throws(ZipArchive.Fault) {
    let tailSize = min(length, Self.endSize + Self.commentLimit)
    let tail = try ZipArchive.read(file, at: length - tailSize, count: tailSize)
    guard let place = Self.place(in: tail) else {
      throw ZipArchive.Fault(reason: "is no zip archive, or not all of one")
    }
    var end = ZipCursor(Array(tail[place...]))
    end.skip(4)
    guard try end.number32() == 0 else {
      throw ZipArchive.Fault(reason: "is part of a split archive")
    }
    let here = try end.number16()
    var count = Int(try end.number16())
    var size = Int(try end.number32())
    var offset = Int(try end.number32())
    guard here == count else { throw ZipArchive.Fault(reason: "is part of a split archive") }
    let position = length - tailSize + place
    var limit = position
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF,
      let wide = try Self.wide(in: file, before: position)
    {
      (count, size, offset, limit) = wide
    }
    let (sum, overflow) = offset.addingReportingOverflow(size)
    // Bytes before the first file would move every offset: nobody writes modules that way.
    guard !overflow, sum == limit, count <= size / ZipCursor.directorySize else {
      throw ZipArchive.Fault(reason: "has its directory at the wrong place")
    }
    (self.count, self.size, self.offset) = (count, size, offset)
  }

  /// The record's place: its comment has to reach to the end.
  private static func place(in tail: [UInt8]) -> Int? {
    guard tail.count >= endSize else { return nil }
    for place in stride(from: tail.count - endSize, through: 0, by: -1) {
      guard tail[place] == 0x50, tail[place + 1] == 0x4B, tail[place + 2] == 0x05,
        tail[place + 3] == 0x06
      else { continue }
      let comment = Int(tail[place + 20]) | Int(tail[place + 21]) << 8
      if place + endSize + comment == tail.count { return place }
    }
    return nil
  }

  /// The zip64 record, where one stands before the short one.
  private static func wide(
    in file: OpenFile, before position: Int
  ) throws(ZipArchive.Fault) -> (count: Int, size: Int, offset: Int, limit: Int)? {
    guard position >= wideLocatorSize else { return nil }
    var locator = ZipCursor(
      try ZipArchive.read(file, at: position - wideLocatorSize, count: wideLocatorSize))
    guard try locator.number32() == wideLocatorMark else { return nil }
    locator.skip(4)
    let place = try locator.number64()
    guard place <= position - wideLocatorSize - wideEndSize else {
      throw ZipArchive.Fault(reason: "has its zip64 record at the wrong place")
    }
    var record = ZipCursor(try ZipArchive.read(file, at: place, count: wideEndSize))
    guard try record.number32() == wideEndMark else {
      throw ZipArchive.Fault(reason: "has no zip64 record where it says")
    }
    record.skip(20)
    let here = try record.number64()
    let count = try record.number64()
    guard here == count else { throw ZipArchive.Fault(reason: "is part of a split archive") }
    return (count, try record.number64(), try record.number64(), place)
  }
}
