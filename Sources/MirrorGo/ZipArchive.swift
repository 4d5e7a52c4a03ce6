import MirrorCore

/// A zip archive in a file (PKWARE APPNOTE 6.3), zip64 included: its directory, and its files one by one.
///
/// Made for archives that nobody vouches for. Memory is bounded whatever the archive says, and what two
/// programs could read in two ways is refused: files that overlap, lie outside, or go by another name in
/// their own header than in the directory.
struct ZipArchive {
  /// What is wrong with an archive.
  struct Fault: Error {
    let reason: String
  }

  /// The most that a directory may take: some 200,000 files.
  private static let directoryLimit = 64 << 20
  private static let pieceSize = 1 << 18

  /// The files in the directory's order.
  let entries: [ZipEntry]
  private let file: OpenFile

  /// Reads the directory of an archive that takes up the first `size` bytes of a file.
  ///
  /// - Throws: when it is none, or is not one that everybody reads alike.
  init(_ file: OpenFile, size: Int) throws(Fault) {
    self.file = file
    let directory = try ZipDirectory(in: file, size: size)
    guard directory.size <= Self.directoryLimit else {
      throw Fault(reason: "has a directory of \(directory.size) bytes")
    }
    let bytes = try Self.read(file, at: directory.offset, count: directory.size)
    var entries: [ZipEntry] = []
    entries.reserveCapacity(directory.count)
    var cursor = ZipCursor(bytes)
    while !cursor.isAtEnd { entries.append(try cursor.entry()) }
    guard entries.count == directory.count else {
      throw Fault(
        reason: "lists \(entries.count) files and says that there are \(directory.count)")
    }
    self.entries = entries
    try checkPlaces(before: directory.offset)
  }

  /// Hands on the bytes of a file, in pieces.
  ///
  /// - Throws: when they are not of the length and the CRC-32 that the directory says.
  func read(_ entry: ZipEntry, _ body: (UnsafeRawBufferPointer) -> Void) throws(Fault) {
    var (count, checksum) = (0, UInt(0))
    func take(_ bytes: UnsafeRawBufferPointer) throws(Inflation.Fault) {
      count += bytes.count
      guard count <= entry.size else {
        throw Inflation.Fault(reason: "is longer than its \(entry.size) bytes")
      }
      checksum = Inflation.crc32(checksum, bytes)
      body(bytes)
    }
    do throws(Inflation.Fault) {
      let inflation = entry.method == .deflated ? try Inflation() : nil
      try pieces(of: entry) { bytes throws(Inflation.Fault) in
        if let inflation { try inflation.update(bytes, take) } else { try take(bytes) }
      }
      guard inflation?.isComplete ?? true, count == entry.size else {
        throw Inflation.Fault(reason: "ends before its \(entry.size) bytes")
      }
    } catch {
      throw Fault(reason: "'\(entry.text)' \(error.reason)")
    }
    guard checksum == entry.checksum else {
      throw Fault(reason: "'\(entry.text)' has another checksum than the directory says")
    }
  }

  // MARK: Inside

  private func pieces(
    of entry: ZipEntry, _ body: (UnsafeRawBufferPointer) throws(Inflation.Fault) -> Void
  ) throws(Inflation.Fault) {
    let start: Int
    do throws(Fault) { start = try contentOffset(of: entry) } catch {
      throw Inflation.Fault(reason: error.reason)
    }
    var offset = start
    let end = start + entry.packedSize
    while offset < end {
      guard let piece = try? file.read(at: offset, count: min(Self.pieceSize, end - offset)),
        !piece.isEmpty
      else { throw Inflation.Fault(reason: "cannot be read") }
      try piece.withUnsafeBufferPointer { buffer throws(Inflation.Fault) in
        try body(UnsafeRawBufferPointer(buffer))
      }
      offset += piece.count
    }
  }

  /// Where the bytes of a file begin: behind its own header, which has to agree with the directory.
  private func contentOffset(of entry: ZipEntry) throws(Fault) -> Int {
    var header = ZipCursor(try Self.read(file, at: entry.offset, count: ZipCursor.localSize))
    guard try header.number32() == ZipCursor.localMark else {
      throw Fault(reason: "has no header of its own")
    }
    header.skip(22)
    let (nameSize, extraSize) = (Int(try header.number16()), Int(try header.number16()))
    let start = entry.offset + ZipCursor.localSize
    guard try Self.read(file, at: start, count: nameSize) == entry.name else {
      throw Fault(reason: "goes by two names")
    }
    return start + nameSize + extraSize
  }

  /// Checks that every file lies before the directory and none within another.
  private func checkPlaces(before end: Int) throws(Fault) {
    var limit = 0
    for entry in entries.sorted(by: { $0.offset < $1.offset }) {
      let least = entry.offset + ZipCursor.localSize + entry.name.count + entry.packedSize
      guard entry.offset >= limit, least <= end else {
        throw Fault(reason: "'\(entry.text)' overlaps what is beside it")
      }
      limit = least
    }
  }

  static func read(_ file: OpenFile, at offset: Int, count: Int) throws(Fault) -> [UInt8] {
    guard count > 0 else { return [] }
    guard let bytes = try? file.read(at: offset, count: count), bytes.count == count else {
      throw Fault(reason: "ends too early")
    }
    return bytes
  }
}
