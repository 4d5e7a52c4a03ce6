import MirrorCore
import MirrorPip
import MirrorTesting
import Testing

/// Pages of a run that may only be served what is in its lock.
@Suite struct FrozenPageTests {
  private static let wheel = "demo-1.0-py3-none-any.whl"
  private let fixture = PageFixture()

  private let lock = Lockfile([
    entry(
      "pkg:pypi/demo@1.0?file_name=\(wheel)", "wheel", size: 12,
      attributes: ["requires-python": ">=3.8"]),
    entry("pkg:pypi/demo@1.0?file_name=\(wheel).metadata", "metadata", size: 3),
    entry("pkg:pypi/demo@1.1?file_name=demo-1.1.tar.gz", "archive", size: 34),
    LockEntry(
      ecosystem: .pip, identity: "pkg:pypi/demo@2.0?file_name=demo-2.0.tar.gz", state: .absent),
    entry("pkg:pypi/demo-extra@1.0?file_name=demo_extra-1.0-py3-none-any.whl", "extra", size: 5),
    LockEntry(
      ecosystem: Ecosystem(rawValue: "web"), identity: "https://files.example/demo-3.0.tar.gz",
      state: .present(Digest.of("other"), size: 6)),
  ])

  private static func entry(
    _ identity: String, _ bytes: String, size: Int, attributes: [String: String] = [:]
  ) -> LockEntry {
    let fileName = identity.split(separator: "=").last ?? ""
    return LockEntry(
      ecosystem: .pip, identity: identity, state: .present(Digest.of(bytes), size: size),
      origin: "https://files.example/\(fileName)", attributes: attributes)
  }

  private func document(_ project: String, _ accept: String) throws -> Document {
    let query = Query(.path("simple/\(project)/"), accept: accept)
    guard case .document(let document) = fixture.resolver.answer(to: query, frozen: lock) else {
      throw Unanswered()
    }
    return document
  }

  @Test func `list exactly the project's files of the lock`() throws {
    let page = try ListedPage(document("Demo", Recorded.pipAccept))
    #expect(page.names == [Self.wheel, "demo-1.1.tar.gz"])
    #expect(page.fields["versions"] as? [String] == ["1.0", "1.1"])
    let wheel = try page.file(Self.wheel)
    #expect(wheel["hashes"] as? [String: String] == ["sha256": Digest.of("wheel").hex])
    #expect(wheel["size"] as? Int == 12)
    #expect(wheel["requires-python"] as? String == ">=3.8")
    #expect(
      wheel["core-metadata"] as? [String: String] == ["sha256": Digest.of("metadata").hex])
    #expect(try page.file("demo-1.1.tar.gz")["core-metadata"] == nil)
  }

  @Test func `do not list those of a project with a longer name`() throws {
    let page = try ListedPage(document("demo_extra", Recorded.pipAccept))
    #expect(page.names == ["demo_extra-1.0-py3-none-any.whl"])
  }

  @Test func `come in HTML for those who read that`() throws {
    let document = try document("demo", "text/html")
    #expect(document.type == "text/html; charset=utf-8")
    let html = String(decoding: document.bytes, as: UTF8.self)
    #expect(html.split(separator: "<a ").count == 3)
    #expect(html.contains("#sha256=\(Digest.of("archive").hex)"))
    #expect(html.contains("data-requires-python=\"&gt;=3.8\""))
  }

  @Test func `link to the files that were recorded`() throws {
    let page = try ListedPage(document("demo", Recorded.uvAccept))
    let request = try fixture.request(following: page.link(Self.wheel))
    #expect(request.identity == "pkg:pypi/demo@1.0?file_name=\(Self.wheel)")
    #expect(lock.entry(for: request) != nil)
    #expect(request.digests == [Digest.of("wheel")])
    #expect(request.origin.url == "https://files.example/\(Self.wheel)")
    let metadata = try fixture.request(following: page.link(Self.wheel) + ".metadata")
    #expect(lock.entry(for: metadata)?.bytes?.digest == Digest.of("metadata"))
    #expect(metadata.digests == [Digest.of("metadata")])
  }

  @Test(arguments: ["unknown", "dem", "demo-ext", "files"])
  func `are not there for a project without files in the lock`(project: String) throws {
    let query = Query(.path("simple/\(project)/"), accept: Recorded.pipAccept)
    guard case .nothing(let request, let reason) = fixture.resolver.answer(to: query, frozen: lock)
    else { throw Unanswered() }
    #expect(request.identity == "pkg:pypi/\(project)")
    #expect(reason.code == .refused)
    #expect(reason.message.contains(project) && reason.message.contains("lock"))
  }
}
