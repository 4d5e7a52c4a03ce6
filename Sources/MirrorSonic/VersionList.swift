public import MirrorCore

/// What one lock file says: names, each with one version.
///
/// A line is `NAME==VERSION`, split at its last `==`; other lines say nothing. So `gpg===1.0-local` has
/// the name `gpg=`, as upstream's generator reads it, and is written back as it was. A missing newline
/// at the end is no fault: releases before 2023 have none.
public struct VersionList: Sendable {
  private struct Value: Sendable {
    var version: String
    /// When the name was first added: names that differ in case alone keep this order.
    var rank: Int
  }

  private var values: [String: Value] = [:]
  private var nextRank = 0

  /// Creates an empty list.
  public init() {}

  /// Reads the text of a file; of two lines for one name the later counts.
  ///
  /// - Parameter type: Python's names are read in lower case.
  public init(_ text: some StringProtocol, type: VersionType) {
    self.init(Array(text.utf8), type: type)
  }

  /// Reads the bytes of a file; what is not UTF-8 in them is repaired.
  ///
  /// - Parameter type: Python's names are read in lower case.
  public init(_ bytes: [UInt8], type: VersionType) {
    values.reserveCapacity(bytes.count / 24)
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      guard let mark = Self.lastMark(in: line) else { continue }
      var name = Self.trimming(line[..<mark])
      if type.foldsCase { name = name.lowercased() }
      self[name] = Self.trimming(line[(mark + 2)...])
    }
  }

  /// Reads a file; an empty list when it is not there.
  ///
  /// - Throws: `misconfigured` when it cannot be read.
  public init(contentsOf path: String, type: VersionType) throws(MirrorError) {
    self.init(try Disk.read(path) ?? [], type: type)
  }

  /// The version of a name.
  public subscript(name: String) -> String? {
    get { values[name]?.version }
    set {
      guard let newValue else {
        values[name] = nil
        return
      }
      let rank = values[name]?.rank ?? nextRank
      if rank == nextRank { nextRank += 1 }
      values[name] = Value(version: newValue, rank: rank)
    }
  }

  /// How many names there are.
  public var count: Int { values.count }

  /// Whether nothing is listed.
  public var isEmpty: Bool { values.isEmpty }

  /// Names and versions, sorted without regard to case, as the files are.
  public var entries: [(name: String, version: String)] {
    values.map { (key: Self.sortingKey($0.key), value: $0) }
      .sorted { ($0.key, $0.value.value.rank) < ($1.key, $1.value.value.rank) }
      .map { ($0.value.key, $0.value.value.version) }
  }

  /// The text of the file, newline at the end; empty for an empty list.
  public var text: String { entries.reduce(into: "") { $0 += "\($1.name)==\($1.version)\n" } }

  /// Takes over everything another list says; it outweighs what was here.
  public mutating func merge(_ other: VersionList) {
    if isEmpty {
      self = other
      return
    }
    for (name, value) in other.values.sorted(by: { $0.value.rank < $1.value.rank }) {
      self[name] = value.version
    }
  }

  /// Removes what another list says too, with the same version.
  public mutating func subtract(_ other: VersionList) {
    guard !other.isEmpty else { return }
    for (name, value) in values where other[name] == value.version { values[name] = nil }
  }

  // MARK: Inside

  /// Where the last `==` of a line begins, unless that is its beginning.
  private static func lastMark(in line: ArraySlice<UInt8>) -> Int? {
    var index = line.endIndex - 2
    while index > line.startIndex {
      if line[index] == UInt8(ascii: "="), line[index + 1] == UInt8(ascii: "=") { return index }
      index -= 1
    }
    return nil
  }

  private static func trimming(_ bytes: ArraySlice<UInt8>) -> String {
    var rest = bytes
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
  }

  /// The bytes of a name in lower case; Swift's own order of strings is that of Unicode's normal forms.
  private static func sortingKey(_ name: String) -> SortingKey {
    guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
      return SortingKey(bytes: Array(name.lowercased().utf8))
    }
    return SortingKey(bytes: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
  }

  private struct SortingKey: Comparable {
    let bytes: [UInt8]
    static func < (left: SortingKey, right: SortingKey) -> Bool {
      left.bytes.lexicographicallyPrecedes(right.bytes)
    }
  }
}

extension VersionList: Equatable {
  /// Whether both say the same of the same names.
  public static func == (left: VersionList, right: VersionList) -> Bool {
    left.count == right.count
      && left.values.allSatisfy { right[$0.key] == $0.value.version }
  }
}
