import MirrorSonic
import MirrorTesting
import Testing

@Suite struct ImageVersionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `writing takes the place of the lock files that were there, and of nothing else`()
    throws
  {
    try folder.write("versions-py2", "old==1")
    try folder.write("01-versions-deb", "old")
    try folder.write("notes", "kept")
    let versions = ImageVersions([
      .py3: Fixtures.list("six==1.16.0"), .web: Fixtures.list(""),
    ])
    try versions.write(into: folder.path)
    #expect(folder.names() == ["notes", "versions-py3"])
    #expect(folder.text(of: "versions-py3") == "six==1.16.0\n")
    #expect(try ImageVersions(contentsOf: folder.path) == versions)
  }

  @Test(arguments: [999, 1001])
  func `apt's pins have a stanza a package and the priority that was chosen`(priority: Int) {
    let preferences = AptPreferences(
      Fixtures.list("zlib1g==1:1.2-1\nadduser==3.1"), priority: priority)
    #expect(
      preferences.text == """
        Package: adduser
        Pin: version 3.1
        Pin-Priority: \(priority)


        Package: zlib1g
        Pin: version 1:1.2-1
        Pin-Priority: \(priority)



        """)
  }

  @Test func `pip's constraints name each project once, in the spelling of PEP 503`() {
    let list = Fixtures.list(
      "Zope.Interface==6.0\nruamel_yaml==0.1\nGPG===1.14.0-unknown\npyyaml==6.0.1\nPyYAML==6.0.3")
    #expect(
      PipConstraints(list).text == """
        gpg===1.14.0-unknown
        pyyaml==6.0.3
        ruamel-yaml==0.1
        zope-interface==6.0

        """)
  }

  @Test func `a difference names what was added, removed and changed`() throws {
    let old = VersionFolder([
      try Fixtures.file("versions-deb-trixie", "a==1\nb==1\nc==1"),
      try Fixtures.file("versions-py3", "six==1"),
    ])
    let new = VersionFolder([
      try Fixtures.file("versions-deb-trixie", "a==1\nb==2\nd==1"),
      try Fixtures.file("versions-web", "https://a.example/==1"),
    ])
    #expect(
      VersionDifference(from: old, to: new).entries.map(\.description) == [
        "~ versions-deb-trixie b 1 -> 2", "- versions-deb-trixie c 1",
        "+ versions-deb-trixie d 1", "- versions-py3 six 1",
        "+ versions-web https://a.example/ 1",
      ])
    #expect(VersionDifference(from: new, to: new).entries.isEmpty)
  }
}
