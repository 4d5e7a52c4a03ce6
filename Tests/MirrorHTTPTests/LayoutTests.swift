import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite struct LayoutTests {
  private static let hex = ContentHash.sha256(of: "abc".utf8).hex
  private static let md5 = "900150983cd24fb0d6963f7d28e17f72"

  private func request(
    _ url: String = "https://files.example:8443/pool//tool-1.2.tgz?arch=a%2Bb", pins: Bool = true
  ) throws -> Request {
    let origin = try #require(Locator(url))
    let digests = pins ? [Digest(.sha256, hex: Self.hex), Digest(.md5, hex: Self.md5)] : []
    return Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: origin.identity,
      package: PackageURL(type: "generic", name: "tool", version: "1.2"), origin: origin,
      digests: digests.compactMap { $0 })
  }

  @Test(arguments: [
    ("tree", "files.example:8443/pool/tool-1.2.tgz%3Farch%3Da%2Bb"),
    ("name-md5", "tool-1.2.tgz-\(md5)"),
    ("sha256", "sha256/ba/\(hex)"), ("lfs", "objects/ba/78/\(hex)"),
    ("{host}/{path}", "files.example:8443/pool//tool-1.2.tgz"),
    ("{scheme}/{host}/{path}?{query}", "https/files.example:8443/pool//tool-1.2.tgz?arch=a%2Bb"),
    ("{ecosystem}/{name}/{version}/{file}", "web/tool/1.2/tool-1.2.tgz"),
    ("by-digest/{sha256}", "by-digest/\(hex)"), ("{md5}.bin", "\(md5).bin"),
  ])
  func `names a file`(layout: String, path: String) throws {
    #expect(try Layout(layout).path(request()) == path)
  }

  @Test(arguments: ["name-md5", "sha256", "lfs", "{md5}", "a/{sha256}"])
  func `names nothing without the digest it goes by`(layout: String) throws {
    #expect(try Layout(layout).path(request(pins: false)) == nil)
  }

  @Test func `names nothing without the file name or version it goes by`() throws {
    #expect(try Layout("{file}").path(request("https://files.example/folder/")) == nil)
    var request = try request()
    request.package.version = nil
    #expect(try Layout("{version}").path(request) == nil)
    #expect(try Layout("{name}").path(request) == "tool")
  }

  @Test(arguments: ["", "flat", "TREE", "{", "{}", "{host", "{host}/{nonsense}", "{Host}", "a/b"])
  func `is a wrong setting where it is none`(text: String) {
    let error = #expect(throws: MirrorError.self) { try Layout(text) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("layout \(text)") == true)
  }

  @Test(arguments: [
    ("tree", "files.example/a%3Fx%3D1"), ("{host}/{path}?{query}", "files.example/a?x=1"),
  ])
  func `shows a mirror nothing of a signature`(layout: String, path: String) throws {
    let request = try request("https://files.example/a?x=1&X-Amz-Signature=s3cret")
    #expect(try Layout(layout).path(request) == path)
  }

  @Test func `may be anybody's own`() throws {
    #expect(try Layout { "x/\($0.fileName)" }.path(request()) == "x/tool-1.2.tgz")
  }
}
