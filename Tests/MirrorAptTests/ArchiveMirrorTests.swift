import MirrorApt
import MirrorCore
import MirrorTesting
import Testing

/// Archives that stand in for others, and where they keep things.
@Suite struct ArchiveMirrorTests {
  private let transport = FakeTransport()
  private static let bytes = Array("the index\n".utf8)

  private func mirror(_ url: String, _ roots: [(String, String)] = []) throws -> any Mirror {
    let pairs = try roots.map {
      SourceSettings.Root(upstream: try #require(Locator($0.0)), path: $0.1)
    }
    let settings = SourceSettings(name: "acme", url: try #require(Locator(url)), roots: pairs)
    return try #require(
      AptResolver().mirror(settings, over: transport, in: Surroundings(environment: [:])))
  }

  private func request(_ url: String, pinned digest: Digest? = nil) throws -> Request {
    var request = try #require(AptResolver().request(naming: url))
    request.digests += digest.map { [$0] } ?? []
    return request
  }

  @Test(
    arguments: [
      // One base for all: aptly, reprepro, Artifactory, a plain Debian mirror.
      ("http://mirror.example/debian", [], "http://mirror.example/debian/dists/a/InRelease"),
      (
        "https://vault.example/artifactory/deb/", [],
        "https://vault.example/artifactory/deb/dists/a/InRelease"
      ),
      // A dated snapshot.
      (
        "http://snapshot.example/archive",
        [("http://archive.example/debian", "debian/20260101T000000Z")],
        "http://snapshot.example/archive/debian/20260101T000000Z/dists/a/InRelease"
      ),
      // The nearest of several roots.
      (
        "http://mirror.example",
        [("http://archive.example/", "all"), ("http://archive.example/debian/", "deb")],
        "http://mirror.example/deb/dists/a/InRelease"
      ),
      ("file:///srv/debian", [], "file:///srv/debian/dists/a/InRelease"),
      (
        "http://mirror.example/x", [("http://archive.example/debian", "")],
        "http://mirror.example/x/dists/a/InRelease"
      ),
      ("http://mirror.example", [("http://archive.example/deb", "deb")], nil),
      ("http://mirror.example", [("https://archive.example/debian", "deb")], nil),
    ] as [(String, [(String, String)], String?)])
  func `keep a file where the configuration says`(
    url: String, roots: [(String, String)], place: String?
  ) throws {
    let request = try request("http://archive.example/debian/dists/a/InRelease")
    #expect(try mirror(url, roots).location(of: request) == place)
  }

  @Test func `are asked for nothing that they cannot have`() async throws {
    let mirror = try mirror("http://mirror.example", [("http://other.example/debian", "deb")])
    let request = try request("http://archive.example/debian/dists/a/InRelease")
    let finding = try await mirror.fetch(request, to: MemorySink())
    #expect(finding == .nothing(nil))
    #expect(transport.retrievals.isEmpty)
  }

  @Test func `an index of another day is a miss, and damage of a package is damage`() async throws {
    let mirror = try mirror("http://mirror.example/debian")
    let other = ContentHash.sha256(of: Array("other\n".utf8))
    for (path, isMiss) in [
      ("dists/a/main/binary-amd64/Packages", true), ("pool/main/a/a/a_1_all.deb", false),
    ] {
      transport.script("http://mirror.example/debian/\(path)", .bytes(Self.bytes))
      let wrong = try request("http://archive.example/debian/\(path)", pinned: other)
      let finding = try await mirror.fetch(wrong, to: MemorySink())
      #expect((finding == .nothing(nil)) == isMiss)
      let right = try request(
        "http://archive.example/debian/\(path)", pinned: ContentHash.sha256(of: Self.bytes))
      let sink = MemorySink()
      if case .nothing = try await mirror.fetch(right, to: sink) { Issue.record("\(path): a miss") }
      #expect(sink.bytes == Self.bytes)
    }
  }
}
