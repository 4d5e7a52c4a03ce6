import MirrorCore
import MirrorTesting
import Testing

@Suite struct LockEntryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func roundTrip(_ entry: LockEntry) throws -> LockEntry? {
    try Lockfile(contentsOf: folder.write("mirror.lock", Lockfile([entry]).text)).entries.first
  }

  @Test(arguments: [
    "plain", "", "a b", "a\nb", "a\r\nb", "\t", "a=b", "100%", "%20", "é", "\u{1F980}", "\u{301}x",
    "\"'`$\\", "#", "https://files.example/a?b=c&d#e", ">=3.8,<4", "\u{2028}", "\u{0}",
  ])
  func `brings odd characters of attributes and origin through`(value: String) throws {
    let entry = LockEntry(
      ecosystem: .web, identity: "https://files.example/a", state: .present(.of("a"), size: 1),
      origin: value, attributes: ["requires-python": value, "yanked": value])
    #expect(Lockfile([entry]).text.split(separator: "\n").count == 2)
    #expect(try roundTrip(entry) == entry)
  }

  @Test func `keeps an absence and its attributes`() throws {
    let entry = LockEntry(
      ecosystem: .web, identity: "a", state: .absent, attributes: ["seen": "2026"])
    #expect(try roundTrip(entry) == entry)
    #expect(entry.bytes == nil)
  }

  @Test func `knows the bytes of what is present`() throws {
    let entry = LockEntry(ecosystem: .web, identity: "a", state: .present(.of("abc"), size: 3))
    let bytes = try #require(try roundTrip(entry)?.bytes)
    #expect(bytes.digest == .of("abc"))
    #expect(bytes.size == 3)
  }
}
