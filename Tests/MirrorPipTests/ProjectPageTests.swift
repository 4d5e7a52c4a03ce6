import Foundation
import MirrorCore
import MirrorPip
import MirrorTesting
import Testing

/// A project's page on its way from an upstream to a tool.
@Suite struct ProjectPageTests {
  private static let wheel = "demo-1.0-py3-none-any.whl"
  private static let archive = "demo-1.1.tar.gz"
  private static let pageURL = "https://index.example/simple/demo/"
  private static let type = "application/vnd.pypi.simple.v1+json"

  private static let json = """
    {"meta": {"api-version": "1.1", "_last-serial": 7}, "name": "demo",
     "versions": ["1.0", "1.1", "2.0"],
     "files": [
      {"filename": "\(wheel)", "url": "/packages/\(wheel)", "size": 12,
       "hashes": {"sha256": "\(Digest.of("wheel").hex)", "blake2b": "00"},
       "requires-python": ">=3.8,<4", "upload-time": "2024-01-02T03:04:05.678Z",
       "core-metadata": {"sha256": "\(Digest.of("metadata").hex)"}, "yanked": "broken & \\"gone\\"",
       "provenance": null},
      {"filename": "\(archive)", "url": "https://files.example/\(archive)?x=1", "size": 34,
       "hashes": {}, "core-metadata": false, "yanked": true, "requires-python": null},
      {"filename": "demo-2.0-py3-none-any.whl", "url": "../../demo-2.0-py3-none-any.whl",
       "size": 56, "hashes": {"md5": "00112233445566778899aabbccddeeff"},
       "dist-info-metadata": true, "yanked": false}
     ]}
    """

  private static let html = """
    <!DOCTYPE html>
    <html><head><meta name="pypi:repository-version" content="1.0"><title>demo</title></head><body>
    <h1>Links for demo</h1>
    <a href="../../packages/\(wheel)#sha256=\(Digest.of("wheel").hex)"
       data-requires-python="&gt;=3.8,&lt;4" data-yanked="broken &amp; &quot;gone&quot;"
       data-core-metadata="sha256=\(Digest.of("metadata").hex)">\(wheel)</a><br />
    <A class=x data-yanked HREF='https://files.example/\(archive)?x=1' >\(archive)</A><br>
    <a data-dist-info-metadata="true" href="/my%20files/demo-2.0-py3-none-any.whl\
    #md5=00112233445566778899aabbccddeeff&egg=demo">demo</a>
    <a>no link</a>
    </body></html>
    """

  private let fixture = PageFixture()

  private static func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString().filter { $0 != "=" }
  }

  private func upstream(_ text: String, _ content: Content) {
    fixture.transport.script(Self.pageURL, .text(text, as: content))
  }

  // MARK: From JSON

  @Test func `asks the upstream for JSON before HTML`() async throws {
    upstream(Self.json, Content(type: Self.type))
    _ = try await fixture.page()
    let retrieval = try #require(fixture.transport.retrievals.first)
    #expect(retrieval.locator.url == Self.pageURL)
    let accept = try #require(retrieval.accept)
    #expect(accept.hasPrefix(Self.type))
    #expect(accept.contains("text/html;q=0.01"))
  }

  @Test func `passes every fact of a JSON page on`() async throws {
    upstream(Self.json, Content(type: Self.type))
    let page = try await fixture.page()
    #expect(page.fields["name"] as? String == "demo")
    #expect((page.fields["meta"] as? [String: String]) == ["api-version": "1.1"])
    #expect(page.fields["versions"] as? [String] == ["1.0", "1.1", "2.0"])
    #expect(page.names == [Self.wheel, Self.archive, "demo-2.0-py3-none-any.whl"])

    let wheel = try page.file(Self.wheel)
    #expect(wheel["requires-python"] as? String == ">=3.8,<4")
    #expect(wheel["yanked"] as? String == "broken & \"gone\"")
    #expect(wheel["size"] as? Int == 12)
    #expect(wheel["upload-time"] as? String == "2024-01-02T03:04:05.678Z")
    let hashes = try #require(wheel["hashes"] as? [String: String])
    #expect(hashes["sha256"] == Digest.of("wheel").hex)
    for key in ["core-metadata", "dist-info-metadata"] {
      #expect(wheel[key] as? [String: String] == ["sha256": Digest.of("metadata").hex])
    }

    let archive = try page.file(Self.archive)
    #expect(archive["yanked"] as? Bool == true)
    #expect(archive["requires-python"] == nil)
    #expect(archive["core-metadata"] as? Bool == false)

    let last = try page.file("demo-2.0-py3-none-any.whl")
    #expect(last["yanked"] as? Bool == false)
    #expect(last["core-metadata"] as? Bool == true)
    #expect(last["dist-info-metadata"] as? Bool == true)
  }

  @Test(arguments: ["core-metadata", "dist-info-metadata", "data-dist-info-metadata"])
  func `reads core metadata by every name it goes by`(name: String) async throws {
    upstream(
      Self.json.replacing("core-metadata", with: name), Content(type: Self.type))
    let request = try fixture.request(
      following: await fixture.page().link(Self.wheel) + ".metadata")
    #expect(request.digests == [Digest.of("metadata")])
  }

  @Test func `resolves the links of a JSON page against its place`() async throws {
    upstream(
      Self.json, Content(location: "https://cdn.example/root/simple/demo/", type: Self.type))
    let page = try await fixture.page()
    let origins = try page.names.map { name in
      try fixture.request(following: page.link(name)).origin.url
    }
    #expect(
      origins == [
        "https://cdn.example/packages/\(Self.wheel)", "https://files.example/\(Self.archive)?x=1",
        "https://cdn.example/root/demo-2.0-py3-none-any.whl",
      ])
  }

  // MARK: From HTML

  @Test(arguments: [
    ("demo-2.0&#43;cu118-py3-none-any.whl", "demo-2.0+cu118-py3-none-any.whl"),
    ("demo-2.0&#x2B;cu118-py3-none-any.whl", "demo-2.0+cu118-py3-none-any.whl"),
    ("demo-2.0&#X2b;cu118-py3-none-any.whl", "demo-2.0+cu118-py3-none-any.whl"),
    ("demo-2.0&amp;#43;-py3-none-any.whl", "demo-2.0&"),
    ("demo-2.0&#1114112;&none;-none-any.whl", "demo-2.0&"),
  ])
  func `decodes character references in links, each once`(
    link: String, name: String
  ) async throws {
    upstream("<a href=\"../../\(link)\">file</a>", Content(type: "text/html"))
    #expect(try await fixture.page().names == [name])
  }

  @Test(arguments: [
    "text/html", "text/html; charset=utf-8", Self.type.replacing("json", with: "html"),
  ])
  func `reads an HTML page with its attributes`(type: String) async throws {
    upstream(Self.html, Content(type: type))
    let page = try await fixture.page()
    #expect(page.names == [Self.wheel, Self.archive, "demo-2.0-py3-none-any.whl"])

    let wheel = try page.file(Self.wheel)
    #expect(wheel["requires-python"] as? String == ">=3.8,<4")
    #expect(wheel["yanked"] as? String == "broken & \"gone\"")
    #expect(wheel["hashes"] as? [String: String] == ["sha256": Digest.of("wheel").hex])
    #expect(
      wheel["core-metadata"] as? [String: String] == ["sha256": Digest.of("metadata").hex])

    let archive = try page.file(Self.archive)
    #expect(archive["yanked"] as? Bool == true)
    #expect((archive["hashes"] as? [String: String])?.isEmpty == true)

    let last = try page.file("demo-2.0-py3-none-any.whl")
    #expect(last["yanked"] == nil)
    #expect(last["core-metadata"] as? Bool == true)
    #expect(last["hashes"] as? [String: String] == ["md5": "00112233445566778899aabbccddeeff"])
  }

  @Test func `resolves the links of an HTML page against its place`() async throws {
    upstream(Self.html, Content(location: "https://cdn.example/simple/demo/", type: "text/html"))
    let page = try await fixture.page()
    let origins = try page.names.map { name in
      try fixture.request(following: page.link(name)).origin.url
    }
    #expect(
      origins == [
        "https://cdn.example/packages/\(Self.wheel)", "https://files.example/\(Self.archive)?x=1",
        "https://cdn.example/my%20files/demo-2.0-py3-none-any.whl",
      ])
  }

  @Test func `takes an HTML page without files that says what it is`() async throws {
    upstream(
      "<html><head><meta name=\"pypi:repository-version\" content=\"1.0\"></head></html>",
      Content(type: "text/html"))
    #expect(try await fixture.page().names == [])
  }

  // MARK: To tools

  @Test(arguments: [
    (Recorded.pipAccept, true), (Recorded.uvAccept, true),
    ("application/vnd.pypi.simple.latest+json", true), ("text/html", false), ("*/*", false),
    ("application/vnd.pypi.simple.v1+html", false), (nil, false),
  ])
  func `speaks JSON to those who read it, and HTML to the others`(
    accept: String?, isJSON: Bool
  ) async throws {
    upstream(Self.json, Content(type: Self.type))
    let document = try await fixture.document(accept)
    #expect(document.status == 200)
    #expect(document.type == (isJSON ? Self.type : "text/html; charset=utf-8"))
    #expect(document.bytes.first == UInt8(ascii: isJSON ? "{" : "<"))
  }

  @Test(arguments: [true, false])
  func `gives HTML with digests and attributes, escaped`(isJSON: Bool) async throws {
    upstream(isJSON ? Self.json : Self.html, Content(type: isJSON ? Self.type : "text/html"))
    let html = String(decoding: try await fixture.document("text/html").bytes, as: UTF8.self)
    let anchors = html.split(separator: "\n").filter { $0.contains("<a ") }
    try #require(anchors.count == 3)
    #expect(anchors[0].contains("#sha256=\(Digest.of("wheel").hex)\""))
    #expect(anchors[0].contains(" data-requires-python=\"&gt;=3.8,&lt;4\""))
    #expect(anchors[0].contains(" data-yanked=\"broken &amp; &quot;gone&quot;\""))
    let metadata = "=\"sha256=\(Digest.of("metadata").hex)\""
    #expect(anchors[0].contains(" data-core-metadata\(metadata)"))
    #expect(anchors[0].contains(" data-dist-info-metadata\(metadata)"))
    #expect(anchors[0].contains(">\(Self.wheel)</a>"))
    #expect(anchors[1].contains(" data-yanked=\"\""))
    #expect(!anchors[1].contains("data-requires-python"))
    #expect(!anchors[1].contains("data-core-metadata"))
    #expect(anchors[2].contains("#md5=00112233445566778899aabbccddeeff\""))
    #expect(anchors[2].contains(" data-core-metadata=\"true\""))
    #expect(!anchors[2].contains("data-yanked"))
    #expect(
      anchors.allSatisfy { $0.contains("href=\"../../file/") }, "a link leads past the gateway")
  }

  // MARK: Links

  @Test(arguments: ["application/vnd.pypi.simple.v1+json", "text/html"])
  func `links to files with all that is known of them`(accept: String) async throws {
    upstream(Self.json, Content(type: Self.type))
    let text = String(decoding: try await fixture.document(accept).bytes, as: UTF8.self)
    let link = try #require(text.firstMatch(of: /\.\.\/\.\.\/file\/[^"#]+1\.0-py3-none-any\.whl/)).0
    let request = try fixture.request(following: String(link))
    #expect(request.ecosystem == .pip)
    #expect(request.identity == "pkg:pypi/demo@1.0?file_name=\(Self.wheel)")
    #expect(request.package.name == "demo" && request.package.version == "1.0")
    #expect(request.origin.url == "https://index.example/packages/\(Self.wheel)")
    #expect(request.fileName == Self.wheel)
    #expect(request.digests == [Digest.of("wheel")])
    #expect(request.size == 12)
    #expect(request.attributes == ["requires-python": ">=3.8,<4"])
    #expect(!request.changes)
  }

  @Test func `takes a link's metadata as a file of its own, with its own digest`() async throws {
    upstream(Self.json, Content(type: Self.type))
    let page = try await fixture.page()
    let request = try fixture.request(following: page.link(Self.wheel) + ".metadata")
    #expect(request.identity == "pkg:pypi/demo@1.0?file_name=\(Self.wheel).metadata")
    #expect(request.origin.url == "https://index.example/packages/\(Self.wheel).metadata")
    #expect(request.digests == [Digest.of("metadata")])
    #expect(request.size == nil)
    #expect(request.attributes.isEmpty)
  }

  @Test(arguments: [
    "file", "file/x", "file/x/y", "file/\(Self.base64("url=x"))/y",
    "file/\(Self.base64("project=demo"))/y",
    "file/a/b/c", "file/\(Self.base64("project=demo;url=nowhere"))/y", "simple", "simple/", "",
    "other/demo/",
  ])
  func `answers no path that is not one of its own`(path: String) {
    #expect(throws: Unanswered.self) { try fixture.request(following: "../../\(path)") }
  }

  @Test func `a link has nothing in it that a tool could encode anew`() async throws {
    upstream(
      Self.json.replacing("\"/packages/", with: "\"/p%2Fa%20b~/é+;=/"), Content(type: Self.type))
    let link = try await fixture.page().link(Self.wheel)
    #expect(link.utf8.allSatisfy { $0 < 128 } && !link.contains("%"))
    let request = try fixture.request(following: link)
    #expect(request.origin.url.hasPrefix("https://index.example/p%2Fa%20b~/"))
    #expect(request.digests == [Digest.of("wheel")])
  }

  @Test func `answers no whole URL`() throws {
    let url = try #require(Locator("https://files.example/\(Self.wheel)"))
    let isAnswered = fixture.resolver.answer(to: Query(.url(url)), frozen: nil).map { _ in true }
    #expect(isAnswered == nil)
  }
}
