import MirrorCore
import MirrorGit
import Testing

/// The refs of a repository, as `git ls-remote --symref` prints them.
@Suite struct RefListTests {
  private static let one = String(repeating: "1", count: 40)
  private static let two = String(repeating: "2", count: 40)

  private func list(_ text: String) throws -> RefList {
    try RefList(Array(text.utf8), of: "it")
  }

  @Test(arguments: [
    ("", "ref: refs/heads/main\n"),
    ("ref: refs/heads/trunk\tHEAD\n\(one)\tHEAD\n", "ref: refs/heads/trunk\n"),
    ("\(one)\tHEAD\n\(one)\trefs/heads/b\n", "ref: refs/heads/b\n"),
    ("\(one)\tHEAD\n\(one)\trefs/heads/a\n\(one)\trefs/heads/main\n", "ref: refs/heads/main\n"),
    ("\(one)\tHEAD\n\(two)\trefs/heads/b\n", "\(one)\n"),
    ("\(one)\trefs/heads/main\n", "ref: refs/heads/.invalid\n"),
  ])
  func `knows what HEAD stands for, and shows none where there is none`(
    text: String, head: String
  )
    throws
  {
    #expect(String(decoding: try list(text).headFile, as: UTF8.self) == head)
  }

  @Test func `writes the same bytes whatever the order`() throws {
    let lines = ["\(Self.one)\tHEAD", "\(Self.one)\trefs/heads/a", "\(Self.two)\trefs/tags/v1"]
    let list = try list(lines.joined(separator: "\n"))
    #expect(try self.list(lines.reversed().joined(separator: "\n")) == list)
    let head = "ref: refs/heads/a\tHEAD\n"
    #expect(String(decoding: list.bytes, as: UTF8.self) == head + lines.map { "\($0)\n" }.joined())
    #expect(try RefList(list.bytes, of: "it") == list)
  }

  @Test func `packs refs in the order of bytes, with what a tag stands for`() throws {
    let list = try list(
      "\(Self.two)\trefs/tags/v1\n\(Self.one)\trefs/tags/v1^{}\n\(Self.one)\trefs/heads/Z\n"
        + "\(Self.one)\trefs/heads/a\n")
    let lines = String(decoding: list.packedRefs, as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(
      Array(lines) == [
        "\(Self.one) refs/heads/Z", "\(Self.one) refs/heads/a", "\(Self.two) refs/tags/v1",
        "^\(Self.one)",
      ])
  }

  @Test func `keeps names byte for byte, whatever they mean`() throws {
    // The same letter in two forms, and bytes that are no UTF-8.
    let names: [[UInt8]] = [
      Array("refs/heads/\u{E9}".utf8), Array("refs/heads/e\u{301}".utf8),
      Array("refs/heads/".utf8) + [0xE9],
    ]
    var text: [UInt8] = []
    for name in names { text += Array("\(Self.one)\t".utf8) + name + [0x0A] }
    let list = try RefList(text, of: "it")
    #expect(list.refs.count == 3)
    #expect(try RefList(list.bytes, of: "it") == list)
    let lines = list.packedRefs.split(separator: 0x0A).map { Array($0.dropFirst(41)) }
    #expect(Set(lines.dropFirst()) == Set(names))
  }

  @Test func `holds HEAD and its branch to a commit`() throws {
    let pinned = try list("ref: refs/heads/a\tHEAD\n\(Self.one)\tHEAD\n\(Self.one)\trefs/heads/a\n")
      .pinned(to: Self.two)
    #expect(pinned.commit == Self.two && pinned.refs["refs/heads/a"] == Self.two)
  }

  @Test(arguments: [
    "\(one)\trefs/heads/../../config\n", "\(one)\trefs//a\n", "\(one)\tconfig\n", "short\tHEAD\n",
    "\(one) HEAD\n", "\(one)\trefs/heads/a\u{7F}\n", "<html>\n",
  ])
  func `refuses what is not a ref`(text: String) throws {
    let error = #expect(throws: MirrorError.self) { try list(text) }
    #expect(error?.code == .corrupt)
  }
}
