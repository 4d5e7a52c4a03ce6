import MirrorCore
import MirrorPip
import Testing

/// Names of projects, and what the names of files say of them.
@Suite struct ProjectNameTests {
  private let resolver = PipResolver()

  @Test(arguments: [
    ("demo", "demo"), ("Demo", "demo"), ("friendly-bard", "friendly-bard"),
    ("Friendly-Bard", "friendly-bard"), ("FRIENDLY-BARD", "friendly-bard"),
    ("friendly.bard", "friendly-bard"), ("friendly_bard", "friendly-bard"),
    ("friendly--bard", "friendly-bard"), ("FrIeNdLy-._.-bArD", "friendly-bard"),
    ("zope%2Einterface", "zope-interface"), ("a2", "a2"),
  ])
  func `has one spelling in paths`(typed: String, name: String) throws {
    let query = Query(.path("simple/\(typed)/"), accept: nil)
    guard case .page(let request, _) = resolver.answer(to: query, frozen: nil) else {
      Issue.record("no page for \(typed)")
      return
    }
    #expect(request.identity == "pkg:pypi/\(name)")
    #expect(request.ownerName == name)
    #expect(request.changes)
  }

  @Test(arguments: ["de%20mo", "d%C3%A9mo", "demo%2Fother", "%3Cscript%3E", "demo@1", "a/b"])
  func `is letters, digits and three marks`(typed: String) {
    let query = Query(.path("simple/\(typed)/"), accept: nil)
    let isAnswered = resolver.answer(to: query, frozen: nil).map { _ in true }
    #expect(isAnswered == nil)
  }

  @Test(arguments: [
    ("six", "six-1.16.0-py2.py3-none-any.whl", "1.16.0"),
    ("six", "six-1.16.0-py2.py3-none-any.whl.metadata", "1.16.0"),
    ("six", "six-1.16.0.tar.gz", "1.16.0"),
    ("demo", "demo-1.0-1-py3-none-any.whl", "1.0"),
    ("demo", "demo-1.0.post1+local.7-cp312-cp312-manylinux_2_17_x86_64.whl", "1.0.post1+local.7"),
    ("zope-interface", "zope.interface-5.4.0.tar.gz", "5.4.0"),
    ("zope-interface", "zope_interface-5.4.0-cp312-cp312-win_amd64.whl", "5.4.0"),
    ("python-dateutil", "python-dateutil-2.8.2.tar.gz", "2.8.2"),
    ("backports-ssl-match-hostname", "backports.ssl_match_hostname-3.7.0.1.tar.gz", "3.7.0.1"),
    ("demo", "Demo-1.0rc1.zip", "1.0rc1"), ("demo", "demo-1.0.tar.bz2", "1.0"),
    ("demo", "demo-1.0-py2.7.egg", "1.0"), ("demo", "demo-1.0.egg", "1.0"),
    ("demo", "demo-1.0.tgz", "1.0"), ("demo", "demo-2024-01-02.tar.gz", "2024-01-02"),
  ])
  func `gives the version in the name of a file`(
    project: String, fileName: String, version: String
  ) throws {
    let file = fileName.replacing("+", with: "%2B")
    let request = try #require(
      resolver.request(naming: "pkg:pypi/\(project)@0?file_name=\(file)"))
    #expect(request.package.version == version)
    #expect(request.fileName == fileName)
    #expect(request.package.name == project)
  }

  @Test(arguments: ["other-1.0.tar.gz", "other-1.0-py3-none-any.whl", "demo.txt", "demo-1.0.deb"])
  func `finds no version in the name of another's file`(fileName: String) throws {
    let request = try #require(
      resolver.request(naming: "pkg:pypi/demo@0.1?file_name=\(fileName)"))
    #expect(request.package.version == "0.1")
  }

  @Test func `is the same for a person as for the tools`() throws {
    let request = try #require(
      resolver.request(naming: "pkg:pypi/Zope.Interface@5.4.0?file_name=zope.interface-5.4.0.zip"))
    #expect(request.identity == "pkg:pypi/zope-interface@5.4.0?file_name=zope.interface-5.4.0.zip")
    #expect(request.ecosystem == .pip)
    #expect(request.ownerName == "zope-interface")
    #expect(request.digests.isEmpty)
  }

  @Test func `may come with a checksum, which is a pin`() throws {
    let digest = Digest.of("wheel")
    let request = try #require(
      resolver.request(
        naming: "pkg:pypi/demo@1.0?checksum=\(digest)&file_name=demo-1.0-py3-none-any.whl"))
    #expect(request.pins == [digest])
  }

  @Test(arguments: [
    "demo", "pkg:pypi/demo@1.0", "pkg:generic/demo?file_name=demo-1.0.zip",
    "https://files.example/demo-1.0.zip",
  ])
  func `needs the file when a person says it`(name: String) {
    #expect(resolver.request(naming: name) == nil)
  }
}
