import MirrorGit
import Testing

/// The lines of git's protocols.
@Suite struct PacketLinesTests {
  private let id = String(repeating: "ab", count: 20)

  @Test(arguments: [("", "0004"), ("a", "0005a"), ("\u{E9}", "0006\u{E9}")])
  func `has its length before it`(text: String, line: String) {
    #expect(PacketLines.line(text) == Array(line.utf8))
  }

  @Test(arguments: [65_515, 65_516, 65_517, 70_000])
  func `is never longer than the protocol allows`(count: Int) {
    let line = PacketLines.line(String(repeating: "a", count: count))
    let length = Int(String(decoding: line.prefix(4), as: UTF8.self), radix: 16)
    #expect(length == line.count && line.count == min(count, 65_516) + 4)
  }

  @Test(arguments: ["short", String(repeating: "\u{E9}", count: 70_000)])
  func `says a failure in few words`(message: String) {
    let line = PacketLines.failure(message)
    #expect(line.count < 1100)
    #expect(String(decoding: line.dropFirst(4), as: UTF8.self).hasPrefix("ERR mirror: "))
  }

  @Test func `finds what a body wants`() {
    let body =
      PacketLines.line("command=fetch") + Array("0001".utf8) + PacketLines.line("want \(id)\n")
      + PacketLines.line("have \(id)\n") + PacketLines.line("want \(id) side-band-64k\n")
      + PacketLines.line("want short\n") + Array("0000".utf8)
    #expect(PacketLines.wants(in: body) == [id, id])
  }

  @Test(arguments: ["", "000", "zzzz", "ffff", "0032want"])
  func `wants nothing where there is no whole line`(body: String) {
    #expect(PacketLines.wants(in: Array(body.utf8)).isEmpty)
  }
}
