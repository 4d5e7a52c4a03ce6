/// The Content-Range of a 206 (RFC 9110, 14.4): `bytes FIRST-LAST/TOTAL`.
struct ContentRange: Hashable {
  var first: Int
  var last: Int
  /// `nil` when the server says `*`.
  var total: Int?

  /// Reads the header's value; `nil` when it is not one of bytes.
  init?(_ value: String) {
    let words = value.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let halves = words[1].split(separator: "/")
    guard halves.count == 2 else { return nil }
    let bounds = halves[0].split(separator: "-")
    guard bounds.count == 2, let first = Int(bounds[0]), let last = Int(bounds[1]), first <= last
    else { return nil }
    self.first = first
    self.last = last
    if halves[1] != "*" {
      guard let total = Int(halves[1]), total > last else { return nil }
      self.total = total
    }
  }
}
