import MirrorSonic
import Testing

@Suite struct VersionFileNameTests {
  @Test(
    arguments: [
      ("versions-deb", "deb", nil, nil),
      ("versions-deb-bookworm", "deb", "bookworm", nil),
      ("versions-deb-bookworm-arm64", "deb", "bookworm", "arm64"),
      ("versions-py3-all-armhf", "py3", nil, "armhf"),
      ("versions-sbom", "sbom", nil, nil),
    ] as [(String, String, String?, String?)])
  func `a name says what is listed for whom, and is written back as it was`(
    text: String, type: String, distribution: String?, architecture: String?
  ) throws {
    let name = try #require(VersionFileName(text))
    #expect(name.type.rawValue == type)
    #expect(name.distribution == distribution)
    #expect(name.architecture == architecture)
    #expect(name.description == text)
  }

  @Test(arguments: [
    ("versions-web-all", "versions-web"), ("versions-deb-trixie-all", "versions-deb-trixie"),
  ])
  func `all is the same as no word`(text: String, short: String) {
    #expect(VersionFileName(text)?.description == short)
  }

  @Test(arguments: ["01-versions-deb", "versions", "versions-", "README.md", "version-deb", ""])
  func `other files are none of them`(name: String) {
    #expect(VersionFileName(name) == nil)
  }

  @Test func `they are ordered from the general to the particular`() {
    let names = [
      "versions-deb", "versions-deb-all-arm64", "versions-deb-trixie", "versions-deb-trixie-arm64",
      "versions-py3", "versions-web",
    ]
    #expect(
      names.reversed().compactMap { VersionFileName($0) }.sorted().map(\.description) == names)
  }
}
