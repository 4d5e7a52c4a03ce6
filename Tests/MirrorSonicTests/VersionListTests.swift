import MirrorSonic
import Testing

@Suite struct VersionListTests {
  @Test(arguments: [
    ("curl==7.88.1-10", "curl", "7.88.1-10"),
    ("libc6==2:2.36-9+deb12u1~x", "libc6", "2:2.36-9+deb12u1~x"),
    ("https://a.example/x?a==b==0123", "https://a.example/x?a==b", "0123"),
    ("gpg===1.14.0-unknown", "gpg=", "1.14.0-unknown"),
    (" spaced ==\t1.0 ", "spaced", "1.0"),
    ("empty==", "empty", ""),
  ])
  func `a line is split at its last mark`(line: String, name: String, version: String) {
    let list = Fixtures.list(line)
    #expect(list.count == 1)
    #expect(list[name] == version)
  }

  @Test(arguments: ["", "\n\n", "curl=1", "==1", "=", "# curl"])
  func `other lines say nothing`(text: String) {
    #expect(Fixtures.list(text).isEmpty)
    #expect(Fixtures.list(text).text == "")
  }

  @Test(arguments: ["a==1\nb==2", "a==1\nb==2\n", "a==1\r\nb==2\r\n", "\nb==2\n\na==1"])
  func `a missing newline and empty lines make no difference`(text: String) {
    #expect(Fixtures.list(text).text == "a==1\nb==2\n")
  }

  @Test func `names of Python are read in lower case, others as they are`() {
    #expect(Fixtures.list("PyYAML==6.0", .py3)["pyyaml"] == "6.0")
    #expect(Fixtures.list("PyYAML==6.0", .py2)["pyyaml"] == "6.0")
    #expect(Fixtures.list("https://a.example/B==1", .web)["https://a.example/B"] == "1")
  }

  @Test func `of two lines for one name the later counts`() {
    #expect(Fixtures.list("a==1\nA==3\na==2", .py3).text == "a==2\n")
  }

  @Test func `entries are sorted without regard to case, by bytes`() {
    let text = "b==1\nA-b==1\na_b==1\na.b==1\nAB==1\nz+==1\nZ~==1\n"
    #expect(
      Fixtures.list(text).entries.map(\.name) == ["A-b", "a.b", "a_b", "AB", "b", "z+", "Z~"])
  }

  @Test func `names that differ in case alone keep the order they came in`() {
    var list = Fixtures.list("b==1\nB==2\n")
    #expect(list.text == "b==1\nB==2\n")
    list["b"] = nil
    list["b"] = "3"
    #expect(list.text == "B==2\nb==3\n")
  }

  @Test func `merging lets the other list count`() {
    var list = Fixtures.list("a==1\nb==1")
    list.merge(Fixtures.list("b==2\nc==2"))
    #expect(list.text == "a==1\nb==2\nc==2\n")
  }

  @Test func `subtracting removes what both say, and only that`() {
    var list = Fixtures.list("a==1\nb==1\nc==1")
    list.subtract(Fixtures.list("a==1\nb==2\nd==1"))
    #expect(list.text == "b==1\nc==1\n")
  }

  @Test func `a file that is not there is empty, and a folder is an error that names it`() throws {
    #expect(try VersionList(contentsOf: "/nonexistent/versions-deb", type: .deb).isEmpty)
    #expect {
      try VersionList(contentsOf: Fixtures.folder, type: .deb)
    } throws: {
      "\($0)".contains(Fixtures.folder)
    }
  }
}
