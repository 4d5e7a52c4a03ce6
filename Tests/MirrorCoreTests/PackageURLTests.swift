import MirrorCore
import Testing

@Suite struct PackageURLTests {
  @Test(arguments: [
    "pkg:pypi/six@1.16.0", "pkg:generic/tool", "pkg:deb/debian/curl@7.88.1-10?arch=amd64",
    "pkg:golang/go.acme.example/tools/x@v1.2.3%2Bincompatible", "pkg:npm/%40scope/name@1.0.0",
    "pkg:pypi/six@1.16.0?file_name=six-1.16.0-py2.py3-none-any.whl",
    "pkg:generic/tool@1?download_url=https:%2F%2Ffiles.example%2Fa%3Fb%3Dc%26d",
  ])
  func `reads what it writes`(text: String) {
    #expect(PackageURL(text)?.description == text)
  }

  @Test func `splits a purl into its parts`() throws {
    let package = try #require(
      PackageURL("pkg:DEB/debian/curl@7%2Bdeb?arch=amd64&Distro=a%20b#sub"))
    #expect(package.type == "deb")
    #expect(package.namespace == "debian")
    #expect(package.name == "curl")
    #expect(package.version == "7+deb")
    #expect(package.qualifiers == ["arch": "amd64", "distro": "a b"])
  }

  @Test(arguments: ["", "pkg:", "pkg:pypi", "pypi/six", "https://files.example/six"])
  func `is nil for what is no purl`(text: String) {
    #expect(PackageURL(text) == nil)
  }

  @Test func `sorts its qualifiers, so that equal packages have equal text`() throws {
    let one = try #require(PackageURL("pkg:deb/debian/curl?distro=x&arch=a"))
    let two = try #require(PackageURL("pkg:deb/debian/curl?arch=a&distro=x"))
    #expect(one == two)
    #expect(one.description == two.description)
  }

  @Test(arguments: ["a b", "a/b", "100%", "a@b", "a?b", "a#b", "é", "a&b=c", "+"])
  func `brings odd characters through in every part`(odd: String) {
    let package = PackageURL(
      type: "generic", namespace: odd.replacing("/", with: ""), name: odd, version: odd,
      qualifiers: ["key": odd])
    #expect(PackageURL(package.description) == package)
  }
}
