import MirrorCore
import MirrorTesting
import Testing

/// A folder of this machine as a place to get things from.
@Suite struct FileTransportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func get(
    _ url: String, _ other: FakeTransport = FakeTransport()
  ) async throws -> (String?, Content?) {
    let locator = try #require(Locator(url))
    let sink = MemorySink()
    let finding = try await FileTransport(over: other)
      .get(Retrieval(locator, subject: "a", source: "acme"), to: sink)
    guard case .content(let content) = finding else { return (nil, nil) }
    return (String(decoding: sink.bytes, as: UTF8.self), content)
  }

  @Test(arguments: ["a.txt", "deep/!upper/a b.txt", "empty"])
  func `reads a file, whatever its name`(name: String) async throws {
    try folder.write(name, name == "empty" ? "" : "hello")
    let path = name.replacing(" ", with: "%20").replacing("!", with: "%21")
    let (text, content) = try await get("file://\(folder.path)/\(path)")
    #expect(text == (name == "empty" ? "" : "hello"))
    #expect(content?.size == text?.utf8.count)
    #expect(content?.validator == nil)
  }

  @Test func `reads a file that is longer than a piece`() async throws {
    let text = String(repeating: "0123456789abcdef", count: 1 << 15)
    try folder.write("long", text)
    #expect(try await get("file://localhost\(folder.path)/long").0 == text)
  }

  @Test(arguments: [
    "none", "a.txt/below", "", "folder", "folder/", "..%2fa.txt", "folder/../a.txt", "a%00",
  ])
  func `what is no file of the folder is a miss`(name: String) async throws {
    try folder.write("a.txt", "hello")
    try folder.write("folder/b.txt", "hello")
    #expect(try await get("file://\(folder.path)/\(name)").0 == nil)
  }

  @Test func `a file of another machine cannot be read`() async throws {
    let error = await #expect(throws: MirrorError.self) {
      try await get("file://other.example/a.txt")
    }
    #expect(error?.code == .misconfigured)
  }

  @Test func `hands every other URL on`() async throws {
    let other = FakeTransport()
    other.script("https://mirror.example/a", .text("far"))
    #expect(try await get("https://mirror.example/a", other).0 == "far")
  }
}
