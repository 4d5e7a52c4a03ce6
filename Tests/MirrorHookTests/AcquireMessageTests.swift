import MirrorHook
import Testing

/// The messages between apt and its methods.
@Suite struct AcquireMessageTests {
  @Test func `a message comes back as it was written`() throws {
    let text = "600 URI Acquire\nURI: http://archive.example/a\nFilename: /a b: c\nodd line\n"
    let message = try #require(AcquireMessage(text))
    #expect(message.code == 600)
    #expect(message["uri"] == "http://archive.example/a")
    #expect(message["FILENAME"] == "/a b: c")
    #expect(message.text == text + "\n")
  }

  @Test(arguments: ["", "\n"])
  func `nothing is no message`(text: String) {
    #expect(AcquireMessage(text) == nil)
  }

  @Test func `a field is changed in its place, added at the end, and taken away`() throws {
    var message = try #require(AcquireMessage("400 URI Failure\nURI: a\nMessage: b"))
    message["URI"] = "c"
    message["New-URI"] = "d"
    message["Message"] = nil
    message["Absent"] = nil
    #expect(message.text == "400 URI Failure\nURI: c\nNew-URI: d\n\n")
  }

  @Test(arguments: 1...40)
  func `messages are cut from pieces of any size`(size: Int) throws {
    let text = "\n100 Capabilities\nVersion: 1.2\n\n\n102 Status\nMessage: x\n\n201 URI Done\nURI"
    var reader = AcquireMessageReader()
    var messages: [AcquireMessage] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      messages += reader.take(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    #expect(messages.map(\.head) == ["100 Capabilities", "102 Status"])
    messages += reader.take(": a\n\n".utf8)
    #expect(messages.last?.text == "201 URI Done\nURI: a\n\n")
  }
}
