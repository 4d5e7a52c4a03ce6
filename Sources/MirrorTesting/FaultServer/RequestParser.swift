/// Splits what a client sends into requests.
///
/// It keeps the target and the header lines untouched, which is what tests want to look at, and
/// accepts only what RFC 9112 allows a client to send.
struct RequestParser {
  /// The bytes are not a request.
  struct Malformed: Error {}

  private struct Head {
    var method: String
    var target: String
    var version: String
    var headers: SeenRequest.Headers
    var hasAskedToContinue = false
  }

  private var buffer: [UInt8] = []
  private var head: Head?

  mutating func append(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
  }

  /// Returns the next complete request, nil when more bytes are needed.
  mutating func next() throws(Malformed) -> SeenRequest? {
    if head == nil { head = try takeHead() }
    guard let head, let body = try takeBody(of: head) else { return nil }
    self.head = nil
    return SeenRequest(
      method: head.method, target: head.target, version: head.version, headers: head.headers,
      body: body)
  }

  /// Whether a client holds its body back until it is told to go on; true once for a request.
  mutating func takesUpExpectation() -> Bool {
    guard let expectation = head?.headers["expect"], head?.hasAskedToContinue == false else {
      return false
    }
    head?.hasAskedToContinue = true
    return expectation.lowercased() == "100-continue"
  }

  /// Returns the bytes behind the last request, which after a CONNECT belong to the tunnel.
  mutating func takeRest() -> [UInt8] {
    defer { buffer = [] }
    return buffer
  }

  private mutating func takeHead() throws(Malformed) -> Head? {
    while buffer.starts(with: [13, 10]) { buffer.removeFirst(2) }
    guard let end = buffer.firstRange(of: [13, 10, 13, 10] as [UInt8]) else {
      if buffer.count > 1 << 16 { throw Malformed() }
      return nil
    }
    let text = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
    buffer.removeSubrange(..<end.upperBound)
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { throw Malformed() }
    var fields: [SeenRequest.Headers.Field] = []
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
        throw Malformed()
      }
      let value = line[line.index(after: colon)...]
      fields.append(.init(name: String(line[..<colon]), value: Self.trimmed(value)))
    }
    return Head(
      method: String(words[0]), target: String(words[1]), version: String(words[2]),
      headers: .init(fields: fields))
  }

  private mutating func takeBody(of head: Head) throws(Malformed) -> [UInt8]? {
    if head.headers["transfer-encoding"]?.lowercased() == "chunked" { return try takeChunks() }
    guard let length = head.headers["content-length"] else { return [] }
    guard let count = Int(length), count >= 0 else { throw Malformed() }
    guard buffer.count >= count else { return nil }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// Takes a chunked body once all of it is there; nothing is taken before.
  private mutating func takeChunks() throws(Malformed) -> [UInt8]? {
    var body: [UInt8] = []
    var rest = buffer[...]
    while let line = Self.takeLine(&rest) {
      let digits = Self.trimmed(line.prefix { $0 != ";" })
      guard let size = Int(digits, radix: 16), size >= 0 else { throw Malformed() }
      if size == 0 {
        while let trailer = Self.takeLine(&rest) {
          guard trailer.isEmpty else { continue }
          buffer = Array(rest)
          return body
        }
        return nil
      }
      guard rest.count >= size + 2 else { return nil }
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return nil
  }

  private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> Substring? {
    guard let end = rest.firstRange(of: [13, 10] as [UInt8]) else { return nil }
    defer { rest = rest[end.upperBound...] }
    return Substring(decoding: rest[..<end.lowerBound], as: UTF8.self)
  }

  private static func trimmed(_ text: Substring) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    let start = text.drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(start[...last])
  }
}
