/// The answer to a look-up in a checksum database: a record, and a signed head of the tree that holds it
/// (golang.org/x/mod/sumdb/tlog, `FormatRecord`).
struct SumLookup: Hashable {
  /// Which record it is.
  var number: Int
  /// The lines of go.sum.
  var text: String
  /// The signed tree head.
  var head: SumHead

  /// Reads an answer; `nil` when it is none.
  init?(_ bytes: [UInt8]) {
    guard let whole = String(validating: bytes, as: UTF8.self),
      let end = whole.firstIndex(of: "\n"), let number = Int(whole[..<end]), number >= 0,
      let gap = whole[end...].firstRange(of: "\n\n")
    else { return nil }
    let lines = whole[whole.index(after: end)...].prefix(upTo: gap.lowerBound)
    guard let head = SumHead(whole[gap.upperBound...]), !lines.isEmpty else { return nil }
    self.number = number
    text = String(lines)
    self.head = head
  }

  /// The answer as the protocol writes it.
  var bytes: [UInt8] { Array("\(number)\n\(text)\n\n\(head.note)".utf8) }
}

/// A signed head of a checksum database's tree: which records there are, and the hash over them.
struct SumHead: Hashable, Sendable {
  /// How many records there are.
  var size: Int
  /// The note with its signatures.
  var note: String

  /// Reads the note of `tlog.FormatTree`; `nil` when it is none.
  init?(_ note: some StringProtocol) {
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 4, lines[0] == "go.sum database tree", let size = Int(lines[1]), size >= 0
    else { return nil }
    self.size = size
    self.note = String(note)
  }
}
