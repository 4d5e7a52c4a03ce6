import MirrorApt
import MirrorCore
import MirrorTesting
import Testing

/// The versions that packages say themselves, where nobody else did.
@Suite struct PackageVersionsTests {
  private static func entry(_ name: String, _ version: String? = nil) -> LockEntry {
    LockEntry(
      ecosystem: .apt, identity: "http://archive.example/debian/pool/main/\(name).deb",
      state: .present(ContentHash.sha256(of: name.utf8), size: name.utf8.count),
      attributes: ["package": "p", "architecture": "all", "version": version].compactMapValues {
        $0
      })
  }

  private func versions(
    of entries: [LockEntry], printing text: String?, asked: Int? = nil
  ) async -> [String?] {
    let programs = FakePrograms { program in
      if let asked { #expect(program.words.count == 4 + asked, "\(program.words)") }
      return text.map { .printing($0) }
    }
    let completed = await AptResolver().completed(
      entries, in: Surroundings(environment: [:], programs: programs)
    ) { "/store/\($0.hex)" }
    #expect(completed.map(\.identity) == entries.map(\.identity))
    return completed.map { $0.attributes["version"] }
  }

  @Test func `only those are asked whose version nobody said`() async {
    let entries = [Self.entry("a_1_all"), Self.entry("b_1_all", "3:1"), Self.entry("c_1_all")]
    #expect(await versions(of: entries, printing: "1:1\n2:1\n", asked: 2) == ["1:1", "3:1", "2:1"])
  }

  @Test(arguments: [nil, "", "1:1\n", "1:1\n1:2\n1:3\n", "\n\n"])
  func `where there is no answer, the file's name is the next best`(text: String?) async {
    let entries = [Self.entry("a_1_all"), Self.entry("c_2_all")]
    #expect(await versions(of: entries, printing: text) == ["1", "2"])
  }

  @Test func `indices, source packages and what is not there stay as they are`() async {
    var absent = Self.entry("a_1_all")
    absent.state = .absent
    var source = Self.entry("a_1_all")
    source.attributes["architecture"] = nil
    var index = Self.entry("a_1_all")
    index.attributes = [:]
    let entries = [absent, source, index]
    let programs = FakePrograms { program in
      Issue.record("asked: \(program.words)")
      return nil
    }
    let completed = await AptResolver().completed(
      entries, in: Surroundings(environment: [:], programs: programs)
    ) { $0.hex }
    #expect(completed == entries)
  }
}
