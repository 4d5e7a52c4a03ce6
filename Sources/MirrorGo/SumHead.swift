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
