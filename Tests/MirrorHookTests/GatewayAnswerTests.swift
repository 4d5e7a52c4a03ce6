import MirrorHook
import Testing

/// How the gateway's answers are cut out of what comes on a connection (RFC 9112).
@Suite struct GatewayAnswerTests {
  /// Everything that a stream of bytes gives, in pieces of a size.
  private func events(
    of text: String, inPiecesOf size: Int
  ) throws -> (events: [String], reader: GatewayAnswerReader) {
    var reader = GatewayAnswerReader()
    var events: [String] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      var piece = Array(rest.prefix(size))[...]
      rest = rest.dropFirst(size)
      while let event = try reader.next(&piece) {
        switch event {
        case .head(let answer): events.append("\(answer.status) ")
        case .body(let bytes): events[events.count - 1] += String(decoding: bytes, as: UTF8.self)
        case .end: events[events.count - 1] += "."
        }
      }
    }
    return (events, reader)
  }

  @Test(arguments: [1, 2, 3, 7, 50, 10000])
  func `answers come one after the other, however they are framed and cut`(size: Int) throws {
    let text = """
      HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\
      HTTP/1.1 100 Continue\r\n\r\n\
      HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4;x=y\r\nwork\r\n3\r\ned!\r\n0\r\nT: x\r\n\r\n\
      HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n\
      HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n\
      HTTP/1.0 200 OK\r\n\r\nto the end
      """
    let (events, reader) = try events(of: text, inPiecesOf: size)
    #expect(events == ["200 hello.", "200 worked!.", "304 .", "404 .", "200 to the end"])
    #expect(reader.mayEnd && !reader.isBetweenAnswers)
  }

  @Test(arguments: ["\u{2028}", "\u{2029}", "\u{85}", "\u{B}", "\u{C}"])
  func `a field ends where its line does, whatever Swift takes for the end of one`(
    character: String
  ) throws {
    let text = """
      HTTP/1.1 200 OK\r\nContent-Type: x\(character)transfer-encoding: chunked\r\n\
      Content-Length: 5\r\n\r\nhello
      """
    #expect(try events(of: text, inPiecesOf: 1000).events == ["200 hello."])
  }

  @Test(arguments: [
    "SSH-2.0-x\r\n\r\n\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    String(repeating: "x", count: 70000),
  ])
  func `what is no answer is noticed`(text: String) throws {
    #expect(throws: GatewayAnswerReader.Malformed.self) {
      try events(of: text, inPiecesOf: 1000)
    }
  }

  @Test func `a part says where it begins`() throws {
    func range(_ value: String) -> (start: Int, total: Int)? {
      GatewayAnswer("HTTP/1.1 206 Partial Content\r\nContent-Range: \(value)")?.range
    }
    let range = try #require(range("bytes 10-19/20"))
    #expect(range.start == 10 && range.total == 20)
    for other in ["bytes */20", "bytes 1-2/*", "lines 1-2/3"] {
      #expect(GatewayAnswer("HTTP/1.1 206 P\r\nContent-Range: \(other)")?.range == nil)
    }
  }
}
