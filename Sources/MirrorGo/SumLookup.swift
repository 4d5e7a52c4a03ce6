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
