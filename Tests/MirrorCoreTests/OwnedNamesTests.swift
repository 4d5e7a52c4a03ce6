import MirrorCore
import Testing

@Suite struct OwnedNamesTests {
  @Test(arguments: [
    ("acme", "acme", true), ("acme", "acme-tools", false), ("acme-*", "acme-tools", true),
    ("acme-*", "acme-", true), ("acme-*", "not-acme-tools", false),
    ("*acme*", "not-acme-tools", true),
    ("*", "anything", true), ("a*b*c", "aXbYc", true), ("a*b*c", "aXcYb", false),
    ("a*b*c", "abbbc", true), ("go.acme.example/*", "go.acme.example/tools/x", true),
    ("go.acme.example/*", "go.acme.example", false), ("acme.", "acmeX", false),
    ("/acme-[0-9]+/", "acme-12", true), ("/acme-[0-9]+/", "acme-12x", false),
    ("/acme-[0-9]+/", "my-acme-12", false), ("/a|acme/", "acmeX", false), ("//", "x", false),
  ])
  func `matches whole names`(pattern: String, name: String, isOwned: Bool) throws {
    #expect(try OwnedNames([pattern]).contains(name) == isOwned)
  }

  @Test func `owns a name that any of its patterns matches`() throws {
    let owned = try OwnedNames(["acme-*", "/tool-[a-z]/"])
    #expect(owned.contains("tool-x"))
    #expect(owned.contains("acme-x"))
    #expect(!owned.contains("six"))
    #expect(try !OwnedNames([]).contains("six"))
  }

  @Test func `refuses what is no regular expression`() {
    let error = #expect(throws: MirrorError.self) { try OwnedNames(["acme-*", "/acme-(/"]) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("/acme-(/") == true)
  }
}
