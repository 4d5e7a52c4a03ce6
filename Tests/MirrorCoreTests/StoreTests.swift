import Foundation
import MirrorCore
import MirrorTesting
import Testing

@Suite struct StoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(of text: String) -> String {
    let hex = Digest.of(text).hex
    return "sha256/\(hex.prefix(2))/\(hex)"
  }

  /// Has a chain publish a text.
  private func publish(_ text: String, as request: Request = .file()) async throws -> Store {
    let store = try Store(at: folder.path)
    let mirror = InMemoryMirror("acme", otherwise: .text(text, as: Content(type: "text/plain")))
    #expect(await FallbackChain([.mirror(mirror)], store: store).resolve(request).text == text)
    return store
  }

  /// Changes a file in place; the owner may write it again for that.
  private func overwrite(_ name: String, with text: String, keepingTime: Bool) throws {
    let path = "\(folder.path)/\(name)"
    let before = try FileManager.default.attributesOfItem(atPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
    let time = try #require(before[.modificationDate] as? Date)
    // Two writes can fall into one tick of the clock that stamps them.
    try FileManager.default.setAttributes(
      [.modificationDate: keepingTime ? time : time + 1], ofItemAtPath: path)
  }

  // MARK: Publishing

  @Test func `keeps bytes under their digest, read-only`() async throws {
    let store = try await publish("abc")
    #expect(folder.text(of: path(of: "abc")) == "abc")
    let attributes = try FileManager.default.attributesOfItem(
      atPath: "\(folder.path)/\(path(of: "abc"))")
    #expect(attributes[.posixPermissions] as? Int == 0o444)
    #expect(try store.object(.of("abc"))?.text(0..<3) == "abc")
    #expect(try store.object(.of("other")) == nil)
  }

  @Test(arguments: ["partial", "quarantine", "locks"])
  func `leaves nothing behind of a transfer that went well`(name: String) async throws {
    _ = try await publish("abc")
    #expect(folder.names(in: name) == [])
  }

  @Test func `hides itself from version control`() async throws {
    _ = try Store(at: folder.path)
    #expect(folder.text(of: ".gitignore") == "*\n")
  }

  @Test func `remembers the name and what the source said`() async throws {
    let request = Request.file()
    let store = try await publish("abc", as: request)
    let record = try #require(store.record(for: request))
    #expect(record.sha256 == Digest.of("abc").hex)
    #expect(record.size == 3)
    #expect(record.source == "acme")
    #expect(record.content.type == "text/plain")
    let reopened = try Store(at: folder.path)
    #expect(reopened.record(for: request) == record)
    #expect(reopened.record(for: .file("other.tgz")) == nil)
    reopened.forget(request)
    #expect(reopened.record(for: request) == nil)
    #expect(try Store(at: folder.path).record(for: request) == nil)
  }

  @Test(arguments: [
    "a: b\nsha256: c", "back\\slash \\n", "\u{1}\t\r\n\u{1F}\\", "é ☃ %0A", "", ": ",
  ])
  func `remembers what a source said to the letter`(words: String) async throws {
    let store = try Store(at: folder.path)
    let content = Content(
      location: words, redirect: words, size: 3, type: words, disposition: words,
      lastModified: words, entityTag: words)
    let mirror = InMemoryMirror("acme", otherwise: .text("abc", as: content))
    #expect(await FallbackChain([.mirror(mirror)], store: store).resolve(.file()).text == "abc")
    let record = try #require(try Store(at: folder.path).record(for: .file()))
    #expect(record.content == content)
    #expect(record.source == "acme")
  }

  @Test(arguments: [0, 1, 40, 150])
  func `forgets a name whose record was cut short`(length: Int) async throws {
    _ = try await publish("abc")
    let names = "\(folder.path)/names"
    let record = try #require(
      FileManager.default.subpaths(atPath: names)?.first { $0.count > 64 }.map { "\(names)/\($0)" })
    let bytes = try Data(contentsOf: URL(filePath: record))
    try #require(bytes.count > length)
    try bytes.prefix(length).write(to: URL(filePath: record))
    #expect(try Store(at: folder.path).record(for: .file()) == nil)
  }

  @Test func `answers a chain that names it, by name and by digest`() async throws {
    _ = try await publish("abc")
    let chain = FallbackChain([.store], store: try Store(at: folder.path))
    let byName = await chain.resolve(.file())
    #expect(byName.text == "abc")
    #expect(byName.trail == "store:hit")
    let byDigest = await chain.resolve(.file("another-name.tgz", digests: [.of("abc")]))
    #expect(byDigest.text == "abc")
    let other = await chain.resolve(.file(digests: [.of("xyz")]))
    #expect(other.text == nil)
  }

  @Test func `gives no bytes that fail another digest or the size of a request`() async throws {
    _ = try await publish("abc")
    let chain = FallbackChain([.store], store: try Store(at: folder.path))
    let right = try #require(Digest.of("abc", .md5))
    let wrong = try #require(Digest.of("xyz", .md5))
    #expect(await chain.resolve(.file(digests: [right], size: 3)).text == "abc")
    #expect(await chain.resolve(.file(digests: [wrong])).text == nil)
    #expect(await chain.resolve(.file(digests: [.of("abc"), wrong])).text == nil)
    #expect(await chain.resolve(.file(size: 4)).text == nil)
  }

  // MARK: Verifying

  @Test func `hashes again when another store verified the bytes and they were touched`()
    async throws
  {
    try await publish("abc").settle()
    let store = try Store(at: folder.path)
    #expect(try store.object(.of("abc"), hashing: false) != nil)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)],
      ofItemAtPath: "\(folder.path)/\(path(of: "abc"))")
    #expect(try store.object(.of("abc"), hashing: false) == nil)
    #expect(try store.object(.of("abc"))?.text(0..<3) == "abc")
    #expect(try store.object(.of("abc"), hashing: false) != nil)
    try store.settle()
    #expect(try Store(at: folder.path).object(.of("abc"), hashing: false) != nil)
  }

  // MARK: Settling

  @Test(arguments: [1, 40])
  func `vouches for what it published, to others only once it is durable`(count: Int) async throws {
    let store = try Store(at: folder.path)
    let texts = (0..<count).map { "text \($0)" }
    for text in texts {
      let mirror = InMemoryMirror("acme", otherwise: .text(text))
      let chain = FallbackChain([.mirror(mirror)], store: store)
      #expect(await chain.resolve(.file("\(text).tgz")).text == text)
    }
    func known(to store: Store) throws -> Int {
      try texts.count { try store.object(.of($0), hashing: false) != nil }
    }
    #expect(try known(to: store) == count)
    #expect(try known(to: Store(at: folder.path)) == 0)
    try store.settle()
    #expect(try known(to: Store(at: folder.path)) == count)
  }

  @Test func `sets aside what a power cut left of bytes that were not settled`() async throws {
    _ = try await publish("abc")
    try overwrite(path(of: "abc"), with: "\0\0\0", keepingTime: true)
    let store = try Store(at: folder.path)
    #expect(throws: MirrorError.self) { try store.object(.of("abc")) }
    #expect(try store.object(.of("abc")) == nil)
    #expect(folder.names(in: "quarantine") == ["\(Digest.of("abc").hex).damaged"])
  }

  @Test func `gives no stamp to what is gone when it is settled`() async throws {
    let store = try await publish("abc")
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(path(of: "abc"))")
    try store.settle()
    #expect(folder.names(in: "stamps") == [])
  }

  @Test func `settles by itself before too much waits`() async throws {
    let store = try Store(at: folder.path)
    for number in 0..<512 {
      let chain = FallbackChain(
        [.mirror(InMemoryMirror("acme", otherwise: .text("text \(number)")))], store: store)
      _ = await chain.resolve(.file("\(number).tgz"))
    }
    #expect(try Store(at: folder.path).object(.of("text 0"), hashing: false) != nil)
  }

  @Test func `hashes again when the file was replaced by another of the same time and size`()
    async throws
  {
    let store = try await publish("abc")
    let file = "\(folder.path)/\(path(of: "abc"))"
    let time = try #require(
      try FileManager.default.attributesOfItem(atPath: file)[.modificationDate])
    try FileManager.default.moveItem(atPath: file, toPath: "\(folder.path)/old")
    try folder.write(path(of: "abc"), "abc")
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file)
    #expect(try store.object(.of("abc"), hashing: false) == nil)
    #expect(try store.object(.of("abc")) != nil)
  }

  @Test(arguments: ["abd", "abcd"])
  func `puts damaged bytes into quarantine`(damaged: String) async throws {
    let store = try await publish("abc")
    try overwrite(path(of: "abc"), with: damaged, keepingTime: false)
    let error = #expect(throws: MirrorError.self) { try store.object(.of("abc")) }
    #expect(error?.code == .corrupt)
    #expect(folder.text(of: path(of: "abc")) == nil)
    #expect(folder.names(in: "quarantine").count == 1)
    #expect(try store.object(.of("abc")) == nil)
  }

  @Test func `finds damage that left size and time alone when it is told to check`() async throws {
    let store = try await publish("abc")
    #expect(try store.check(.of("abc")))
    #expect(try !store.check(.of("never")))
    try overwrite(path(of: "abc"), with: "abd", keepingTime: true)
    let error = #expect(throws: MirrorError.self) { try store.check(.of("abc")) }
    #expect(error?.code == .corrupt)
    #expect(folder.names(in: "quarantine").count == 1)
  }

  @Test func `has a damaged object fetched anew, with an entry in the trail`() async throws {
    let store = try await publish("abc")
    try overwrite(path(of: "abc"), with: "abd", keepingTime: false)
    let mirror = InMemoryMirror("acme", otherwise: .text("abc"))
    let resolution = await FallbackChain([.store, .mirror(mirror)], store: store).resolve(.file())
    #expect(resolution.text == "abc")
    #expect(resolution.trail == "store:corrupt acme:hit")
    #expect(try store.check(.of("abc")))
  }

  // MARK: Opening

  @Test(arguments: ["mirror store 2\n", "", "something else"])
  func `refuses a folder of another format`(format: String) throws {
    try folder.write("format", format)
    let error = #expect(throws: MirrorError.self) { try Store(at: folder.path) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains(folder.path) == true)
  }

  @Test func `refuses a place where no folder can be made`() throws {
    let file = try folder.write("file", "")
    let error = #expect(throws: MirrorError.self) { try Store(at: "\(file)/store") }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("\(file)/store") == true)
  }

  @Test func `makes the folders above it`() throws {
    let store = try Store(at: "\(folder.path)/a/b/c")
    #expect(folder.names(in: "a/b/c").contains("sha256"))
    #expect(store.path == "\(folder.path)/a/b/c")
  }

  @Test func `is misconfigured when it cannot take the bytes`() async throws {
    let store = try Store(at: folder.path)
    try FileManager.default.removeItem(atPath: "\(folder.path)/partial")
    try folder.write("partial", "in the way")
    let mirror = InMemoryMirror("acme", otherwise: .text("abc"))
    let origin = InMemoryMirror("origin", otherwise: .text("abc"))
    let chain = FallbackChain([.mirror(mirror), .origin(origin)], store: store)
    let resolution = await chain.resolve(.file())
    #expect(resolution.error?.code == .misconfigured)
    #expect(origin.requests.isEmpty)
  }
}
