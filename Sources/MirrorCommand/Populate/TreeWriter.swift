internal import Glibc
import MirrorCore

/// A folder that is filled with files; each appears whole or not at all, and what is right already is left
/// alone.
struct TreeWriter {
  /// The folder.
  let root: String

  /// Whether a file of the store is what the folder holds at a path; `nil` when it holds nothing there.
  func holds(_ file: OpenFile, at path: String) throws(MirrorError) -> Bool? {
    guard let old = try OpenFile(reading: "\(root)/\(path)") else { return nil }
    return old.size == file.size && file.agrees(with: old, first: file.size)
  }

  /// Puts a file of the store into the folder.
  ///
  /// - Returns: whether it had to be written.
  /// - Throws: `misconfigured` when it cannot be.
  @discardableResult
  func write(_ file: OpenFile, at path: String) throws(MirrorError) -> Bool {
    let place = "\(root)/\(path)"
    let size = file.size
    if try holds(file, at: path) == true { return false }
    try makeFolder(of: place)
    try OutputFile(path: place).write { descriptor throws(MirrorError) in
      var offset = 0
      while offset < size {
        let piece = try file.read(at: offset, count: 1 << 18)
        guard !piece.isEmpty else {
          throw MirrorError(.corrupt, "\(place): the store's file ended early")
        }
        try Disk.write(piece, to: descriptor, path: place)
        offset += piece.count
      }
    }
    return true
  }

  /// Puts bytes into the folder.
  func write(_ bytes: [UInt8], at path: String) throws(MirrorError) {
    let place = "\(root)/\(path)"
    try makeFolder(of: place)
    try OutputFile(path: place).write { descriptor throws(MirrorError) in
      try Disk.write(bytes, to: descriptor, path: place)
    }
  }

  private func makeFolder(of place: String) throws(MirrorError) {
    try Disk.makeFolder(place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ".")
  }
}
