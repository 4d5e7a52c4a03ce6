import MirrorCore
import MirrorTesting
import Testing

@Suite struct LockfileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let entries = ["c", "a", "b/x", "b", "d"].map { name in
    LockEntry(
      ecosystem: Ecosystem(rawValue: name == "d" ? "apt" : "web"), identity: name,
      state: name == "c" ? .absent : .present(.of(name), size: name.utf8.count),
      origin: name == "a" ? "https://files.example/a" : nil, attributes: ["z": "1", "k": name])
  }

  @Test func `reads what it wrote`() throws {
    let lock = Lockfile(Self.entries)
    #expect(try Lockfile(contentsOf: folder.write("mirror.lock", lock.text)) == lock)
  }

  @Test func `is sorted by ecosystem and name`() {
    let names = Lockfile(Self.entries).entries.map { "\($0.ecosystem) \($0.identity)" }
    #expect(names == ["apt d", "web a", "web b", "web b/x", "web c"])
  }

  @Test func `finds what is named alike within one ecosystem`() {
    let lock = Lockfile(Self.entries)
    #expect(Set(lock.entries(of: .web, beginning: "b").map(\.identity)) == ["b", "b/x"])
    #expect(lock.entries(of: .web, beginning: "d").isEmpty)
  }

  @Test func `has the same bytes in whatever order it was recorded`() {
    let text = Lockfile(Self.entries).text
    for shift in Self.entries.indices {
      let turned = Self.entries[shift...] + Self.entries[..<shift]
      #expect(Lockfile(turned).text == text)
      #expect(Lockfile(turned.reversed()).text == text)
    }
  }

  @Test func `is empty where there is no file`() throws {
    let lock = try Lockfile(contentsOf: "\(folder.path)/none.lock")
    #expect(lock.isEmpty)
    #expect(lock.text == "mirror.lock 1\n")
  }

  @Test func `lets the later of two entries for one name count`() {
    let later = LockEntry(ecosystem: .web, identity: "a", state: .absent)
    let lock = Lockfile(Self.entries + [later])
    #expect(lock.entries.count == Self.entries.count)
    #expect(lock.entries.contains(later))
  }

  @Test func `finds and removes the entry of a request`() {
    let request = Request.file()
    let entry = LockEntry(ecosystem: .web, identity: request.identity, state: .absent)
    var lock = Lockfile([entry])
    #expect(lock.entry(for: request) == entry)
    #expect(lock.entry(for: .file("other.tgz")) == nil)
    lock.remove(request)
    #expect(lock.isEmpty)
  }

  @Test func `passes over comments and empty lines`() throws {
    let text = Lockfile(Self.entries).text.replacing("\n", with: "\n# a remark\n\n")
    #expect(try Lockfile(contentsOf: folder.write("mirror.lock", text)) == Lockfile(Self.entries))
  }

  @Test(arguments: [
    "web", "web a", "web a sha256:12 3", "web a md5:900150983cd24fb0d6963f7d28e17f72 3",
    "web a \(Digest.of("a"))", "web a \(Digest.of("a")) -1", "web a \(Digest.of("a")) many",
    "web a \(Digest.of("a")) \(Int.max)", "web a \(Digest.of("a")) 1 attribute", "web a absent =x",
    "web  a absent", " web a absent",
    "<<<<<<< HEAD", "=======",
  ])
  func `names the file and the line that it cannot read`(line: String) throws {
    let text = "mirror.lock 1\nweb https://files.example/a absent\n\(line)\n"
    let path = try folder.write("mirror.lock", text)
    let error = #expect(throws: MirrorError.self) { try Lockfile(contentsOf: path) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.hasPrefix("\(path):3: ") == true)
  }

  @Test(arguments: ["", "mirror.lock 2\n", "web a absent\n", "mirror.lock 1 \n", "<html>"])
  func `reads no file that does not begin as a lock`(text: String) throws {
    let path = try folder.write("mirror.lock", text)
    let error = #expect(throws: MirrorError.self) { try Lockfile(contentsOf: path) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.hasPrefix("\(path):1: ") == true)
  }

  @Test func `reads no file that is not text`() throws {
    let path = try folder.write("mirror.lock", bytes: Array("mirror.lock 1\n".utf8) + [0xFF, 0x0A])
    let error = #expect(throws: MirrorError.self) { try Lockfile(contentsOf: path) }
    #expect(error?.code == .misconfigured)
  }

  @Test func `loses no entry that several tasks add at once`() async throws {
    let path = "\(folder.path)/mirror.lock"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask {
          try await Lockfile.add(
            [LockEntry(ecosystem: .web, identity: "file-\(number)", state: .absent)], toFileAt: path
          )
        }
      }
      try await group.waitForAll()
    }
    let names = try Set(Lockfile(contentsOf: path).entries.map(\.identity))
    #expect(names == Set((0..<40).map { "file-\($0)" }))
    #expect(folder.names() == ["mirror.lock"])
  }

  @Test func `keeps what is in the file already, and its bytes when nothing changes`() async throws
  {
    let text = Lockfile(Self.entries).text.replacing(
      "mirror.lock 1\n", with: "mirror.lock 1\n# ours\n")
    let path = try folder.write("mirror.lock", text)
    let before = folder.text(of: "mirror.lock")
    try await Lockfile.add([Self.entries[0]], toFileAt: path)
    #expect(folder.text(of: "mirror.lock") == before)
    let new = LockEntry(ecosystem: .web, identity: "new", state: .absent)
    try await Lockfile.add([new], toFileAt: path)
    #expect(try Lockfile(contentsOf: path) == Lockfile(Self.entries + [new]))
  }

  @Test func `leaves a broken file alone`() async throws {
    let path = try folder.write("mirror.lock", "mirror.lock 1\nweb\n")
    let error = await #expect(throws: MirrorError.self) {
      try await Lockfile.add(Self.entries, toFileAt: path)
    }
    #expect(error?.code == .misconfigured)
    #expect(folder.text(of: "mirror.lock") == "mirror.lock 1\nweb\n")
  }

  @Test(arguments: [nil, "new"])
  func `replaces a digest only when that is meant`(text: String?) async throws {
    let path = try folder.write("mirror.lock", Lockfile(Self.entries).text)
    let old = try #require(Self.entries.first { $0.identity == "a" })
    var new = old
    new.state = text.map { .present(.of($0), size: $0.utf8.count) } ?? .absent
    #expect(try await Lockfile.add([new], toFileAt: path) == [old])
    #expect(try Lockfile(contentsOf: path) == Lockfile(Self.entries))
    #expect(try await Lockfile.add([new], toFileAt: path, replacing: true) == [])
    #expect(try Lockfile(contentsOf: path) == Lockfile(Self.entries + [new]))
  }

  @Test func `lets a look-up stand for something else when it is recorded anew`() async throws {
    let old = LockEntry(
      ecosystem: .web, identity: "list", state: .present(.of("old"), size: 3), changes: true)
    let path = try folder.write("mirror.lock", Lockfile([old]).text)
    #expect(try Lockfile(contentsOf: path).entries == [old])
    var new = old
    new.state = .present(.of("new!"), size: 4)
    #expect(try await Lockfile.add([new], toFileAt: path) == [])
    #expect(try Lockfile(contentsOf: path).entries == [new])
  }

  @Test func `records what came to be, and new facts of the same bytes`() async throws {
    let path = try folder.write("mirror.lock", Lockfile(Self.entries).text)
    let present = LockEntry(ecosystem: .web, identity: "c", state: .present(.of("c"), size: 1))
    var changed = try #require(Self.entries.first { $0.identity == "a" })
    changed.attributes = ["yanked": "yes"]
    #expect(try await Lockfile.add([present, changed], toFileAt: path) == [])
    #expect(try Lockfile(contentsOf: path) == Lockfile(Self.entries + [present, changed]))
  }

  @Test func `names the line that contradicts another, as a merge may leave it`() throws {
    let one = "web a \(Digest.of("a")) 1"
    let other = "web a \(Digest.of("b")) 1"
    let same = try folder.write("same.lock", "mirror.lock 1\n\(one)\n\(one)\n")
    #expect(try Lockfile(contentsOf: same).entries.count == 1)
    let path = try folder.write("mirror.lock", "mirror.lock 1\n\(one)\n\(other)\n")
    let error = #expect(throws: MirrorError.self) { try Lockfile(contentsOf: path) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.hasPrefix("\(path):3: ") == true)
  }

  @Test func `reads the line ends that some editors write`() throws {
    let text = Lockfile(Self.entries).text.replacing("\n", with: "\r\n")
    #expect(try Lockfile(contentsOf: folder.write("mirror.lock", text)) == Lockfile(Self.entries))
  }

  @Test func `says what another lock has not, or not as it is here`() throws {
    let absent = ["a", "b"].map { name in
      LockEntry(ecosystem: .web, identity: name, state: .absent)
    }
    var found = absent[1]
    found.state = .present(.of("b"), size: 1)
    let old = Lockfile(absent)
    #expect(Lockfile([absent[0], found]).entries(notIn: old) == [found])
    #expect(old.entries(notIn: Lockfile()) == absent)
    #expect(old.entries(notIn: old).isEmpty)
  }
}
