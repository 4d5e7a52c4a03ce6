/// The lines of git's protocols, each behind its length (gitprotocol-common(5), pkt-line).
package enum PacketLines {
  /// The most that a line holds, in bytes.
  private static let longest = 65_516
  /// The most that is said of a failure, in bytes.
  private static let longestFailure = 1000

  /// A line with its length before it; what is too long for one is cut off.
  package static func line(_ text: String) -> [UInt8] {
    let bytes = text.utf8.prefix(longest)
    let length = String(bytes.count + 4, radix: 16)
    return Array((String(repeating: "0", count: 4 - length.utf8.count) + length).utf8) + bytes
  }

  /// The line that ends a conversation, and that git shows.
  package static func failure(_ message: String) -> [UInt8] {
    let words = message.utf8.prefix(longestFailure)
    return line("ERR mirror: \(String(decoding: words, as: UTF8.self))")
  }

  /// The end of a section.
  static let flush = Array("0000".utf8)

  /// The objects that a body asks for with `want` (gitprotocol-v2(5), gitprotocol-pack(5)).
  package static func wants(in body: [UInt8]) -> [String] {
    var wants: [String] = []
    var start = 0
    while start + 4 <= body.count {
      let digits = String(decoding: body[start..<(start + 4)], as: UTF8.self)
      guard let length = Int(digits, radix: 16) else { return wants }
      guard length >= 4 else {
        start += 4
        continue
      }
      let end = min(start + length, body.count)
      let line = body[(start + 4)..<end]
      if line.starts(with: want) {
        let id = String(
          decoding: line.dropFirst(want.count).prefix { $0 > 0x20 }, as: UTF8.self)
        if RefList.isObject(id) { wants.append(id) }
      }
      start = end
    }
    return wants
  }

  private static let want = Array("want ".utf8)
}
