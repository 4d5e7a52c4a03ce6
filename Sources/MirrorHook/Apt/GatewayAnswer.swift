/// The head of an answer of HTTP/1.1 (RFC 9112).
package struct GatewayAnswer: Sendable, Equatable {
  /// The status.
  package var status: Int
  private var fields: [(name: String, value: String)]

  /// Reads a head without the empty line at its end; nil if it is none.
  package init?(_ text: String) {
    // CR and LF are one Character of Swift's. Whatever else it calls a new line may stand in a value.
    var lines = text.split(separator: "\r\n")[...]
    let words = (lines.popFirst() ?? "").split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
      (100..<600).contains(status)
    else { return nil }
    self.status = status
    fields = []
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      var value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      while let last = value.last, last == " " || last == "\t" { value.removeLast() }
      fields.append((line[..<colon].lowercased(), String(value)))
    }
  }

  /// The first value of a field, by its name in lower case.
  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Whether the connection ends with the answer.
  package var endsConnection: Bool { self["connection"]?.lowercased() == "close" }

  /// How the end of the body is told; nil where it cannot be told.
  package var framing: GatewayAnswerReader.Framing? {
    if status < 200 || status == 204 || status == 304 { return .counted(0) }
    if let coding = self["transfer-encoding"] {
      return coding.lowercased() == "chunked" ? .chunked : nil
    }
    guard let length = self["content-length"] else { return .untilClosed }
    return Int(length).flatMap { $0 >= 0 ? .counted($0) : nil }
  }

  /// Where the body begins in the whole, and how long that is, of a part (RFC 9110, 14.4).
  package var range: (start: Int, total: Int)? {
    guard let value = self["content-range"], value.hasPrefix("bytes ") else { return nil }
    let words = value.dropFirst(6).split(separator: "/")
    guard words.count == 2, let total = Int(words[1]),
      let start = words[0].split(separator: "-").first.flatMap({ Int($0) })
    else { return nil }
    return (start, total)
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.status == right.status
      && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
  }
}
