import MirrorCore
import MirrorSonic
import MirrorTesting
import Testing

@Suite struct LockProjectionTests {
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path + "/store")
  }

  private static let hello = "5d41402abc4b2a76b9719d911017c592"

  /// A line for bytes that are in the store by then.
  private func entry(_ url: String, _ text: String) async throws -> LockEntry {
    let mirror = InMemoryMirror(otherwise: .text(text))
    let request = try #require(Self.request(url))
    let chain = FallbackChain([.mirror(mirror)], store: store)
    guard case .satisfied(let delivery, _) = await chain.resolve(request) else {
      throw MirrorError(.misconfigured, "the chain did not give \(url)")
    }
    return LockEntry(
      ecosystem: request.ecosystem, identity: request.identity,
      state: .present(delivery.digest, size: delivery.size))
  }

  private static func request(_ url: String) -> Request? {
    Locator(url).map {
      Request(
        ecosystem: Ecosystem(rawValue: "web"), identity: $0.identity,
        package: PackageURL(type: "generic", name: "x"), origin: $0)
    }
  }

  private func line(
    _ identity: String, _ attributes: [String: String] = [:], changes: Bool = false
  ) -> LockEntry {
    LockEntry(
      ecosystem: Ecosystem(rawValue: "any"), identity: identity,
      state: .present(ContentHash.sha256(of: identity.utf8), size: 1), changes: changes,
      attributes: attributes)
  }

  @Test func `packages are listed by name and version, and URLs by the MD5 of their bytes`()
    async throws
  {
    let lock = Lockfile([
      line("pkg:pypi/six@1.16.0?file_name=six-1.16.0-py2.py3-none-any.whl"),
      line(
        "https://archive.example/debian/pool/main/c/curl/curl_7.88.1-10_amd64.deb",
        ["package": "curl", "version": "1:7.88.1-10", "architecture": "amd64"]),
      line("https://archive.example/debian/dists/bookworm/main/Packages.gz", changes: true),
      line("pkg:golang/go.example/x@v1.0.0"),
      try await entry("https://files.example/hello", "hello"),
    ])
    let projection = try LockProjection(lock, store: store)
    #expect(projection.gaps.isEmpty)
    #expect(
      projection.versions.files() == [
        "versions-py3": "six==1.16.0\n", "versions-deb": "curl==1:7.88.1-10\n",
        "01-versions-deb":
          "Package: curl\nPin: version 1:7.88.1-10\nPin-Priority: 999\n\n\n",
        "versions-web": "https://files.example/hello==\(Self.hello)\n",
      ])
    #expect(try LockProjection(lock, store: store, python: .py2).versions[.py2].count == 1)
  }

  @Test func `repositories are listed by their commit, and suites by their date`() async throws {
    let commit = "6708d95ec6d819098093cd57c746636a5bb9a4ea"
    let dated = "http://snapshot.example/snapshot/debian/20260814T000752Z/dists/bookworm/InRelease"
    let today = "http://archive.example/debian-security/dists/bookworm-security/InRelease"
    func release(_ url: String, _ date: String) async throws -> LockEntry {
      var release = try await entry(url, "Origin: Debian\nDate: \(date)\nCodename: bookworm\n")
      release.changes = true
      return release
    }
    var repository = line("https://git.example/acme/tool", ["commit": commit], changes: true)
    repository.ecosystem = Ecosystem(rawValue: "git")
    repository.origin = "https://git.example/acme/tool.git"
    var empty = line("https://git.example/acme/empty", changes: true)
    empty.ecosystem = repository.ecosystem
    let lock = Lockfile([
      repository, empty, try await release(dated, "Sat, 11 Jul 2026 10:16:37 UTC"),
      try await release(today, "Fri,  7 Aug 2026 16:58:02 +0000"),
    ])
    let projection = try LockProjection(lock, store: store)
    #expect(projection.gaps == [])
    #expect(
      projection.versions.files() == [
        "versions-git": "https://git.example/acme/tool.git==\(commit)\n",
        "versions-mirror": """
        archive.example_debian-security_dists_bookworm-security==2026-08-07T16:58:02Z
        debian==20260814T000752Z
        snapshot.example_snapshot_debian_20260814T000752Z_dists_bookworm==2026-07-11T10:16:37Z

        """,
      ])
  }

  @Test func `lists of a folder that the lock has nothing for are kept`() {
    let ours = ImageVersions([
      .web: Fixtures.list("a==1", .web), .mirror: Fixtures.list("x==2", .mirror),
    ])
    let theirs = ImageVersions([
      .web: Fixtures.list("b==1", .web), .docker: Fixtures.list("c==1", .docker),
      .mirror: Fixtures.list("debian==1\nx==1", .mirror),
    ])
    #expect(
      ours.filled(from: theirs, joining: [.mirror]).files() == [
        "versions-web": "a==1\n", "versions-docker": "c==1\n",
        "versions-mirror": "debian==1\nx==2\n",
      ])
    #expect(ours.filled(from: ImageVersions([:]), joining: [.mirror]) == ours)
  }

  @Test func `repositories of the list become requests with a commit`() {
    let list = Fixtures.list(
      """
      https://git.example/acme/tool.git==6708D95EC6D819098093CD57C746636A5BB9A4EA
      https://git.example/acme/short==6708d95
      nonsense==6708d95ec6d819098093cd57c746636a5bb9a4ea
      """, .git)
    let found = GitImport(list) { Self.request($0) }
    #expect(
      found.requests.map { $0.attributes["commit"] } == [
        "6708d95ec6d819098093cd57c746636a5bb9a4ea"
      ])
    #expect(found.faults.count == 2)
  }

  @Test func `what cannot be listed is said`() throws {
    let lock = Lockfile([
      line("https://files.example/gone"),
      line("pkg:pypi/six@1.15.0?file_name=six-1.15.0.tar.gz"),
      line("pkg:pypi/six@1.16.0?file_name=six-1.16.0.tar.gz"),
      line("https://archive.example/debian/dists/bookworm/InRelease", changes: true),
    ])
    let projection = try LockProjection(lock, store: store)
    #expect(projection.gaps.count == 3)
    #expect(projection.gaps.contains { $0.hasPrefix("https://files.example/gone: ") })
    #expect(projection.versions[.py3].text == "six==1.16.0\n")
    #expect(projection.versions[.web].isEmpty)
  }

  @Test func `a URL becomes a line when its bytes are there and have the MD5`() async throws {
    let known = try await entry("https://files.example/hello", "hello")
    _ = try await entry("https://files.example/other", "other")
    let list = Fixtures.list(
      """
      https://files.example/hello==\(Self.hello)
      https://files.example/other==\(Self.hello)
      https://files.example/none==\(Self.hello)
      https://files.example/odd==1234
      nonsense==\(Self.hello)
      """, .web)
    let found = try WebImport(list, from: store) { Self.request($0) }
    #expect(found.entries == [known])
    #expect(
      found.missing.map(\.identity) == [
        "https://files.example/none", "https://files.example/other",
      ])
    #expect(found.missing.allSatisfy { $0.digests.map(\.hex) == [Self.hello] })
    #expect(found.faults.count == 2)
  }

  @Test func `a line of the lock stays as it is, and a new one has all that is known`()
    async throws
  {
    let url = "http://archive.example/debian/dists/stable/Release"
    let bare = try await entry(url, "hello")
    let list = Fixtures.list("\(url)==\(Self.hello)", .web)
    func request(_ url: String) -> Request? {
      var request = Self.request(url)
      request?.changes = true
      request?.attributes = ["archive": "http://archive.example/debian", "release": "stable"]
      return request
    }
    let new = try WebImport(list, from: store, naming: request).entries
    #expect(new.map(\.changes) == [true])
    #expect(new.first?.attributes["release"] == "stable")
    #expect(new.first?.state == bare.state)

    var recorded = new[0]
    recorded.attributes["component"] = "main"
    let again = try WebImport(list, from: store, beside: Lockfile([recorded]), naming: request)
    #expect(again.entries == [recorded])
    var other = recorded
    other.state = .present(ContentHash.sha256(of: "other".utf8), size: 5)
    let changed = try WebImport(list, from: store, beside: Lockfile([other]), naming: request)
    #expect(changed.entries == new)
  }

  @Test func `URLs of the list are held to their MD5, others are what they were`() throws {
    let resolver = PinnedResolver(
      OneURL(), to: Fixtures.list("https://FILES.example/a%7Eb==\(Self.hello)", .web))
    #expect(
      resolver.request(naming: "https://files.example/a~b")?.digests.map(\.hex) == [Self.hello])
    #expect(resolver.request(naming: "https://files.example/b")?.digests == [])
    // Neither a pattern nor a beginning: the whole URL counts.
    for other in [
      "https://filesxexample/a~b", "https://files.example/a~bc", "https://files.example/a",
    ] {
      #expect(resolver.request(naming: other)?.digests == [])
    }
    let url = try #require(Locator("https://files.example/a~b"))
    guard case .artifact(let request, _) = resolver.answer(to: Query(.url(url)), frozen: nil) else {
      Issue.record("it is no artifact")
      return
    }
    #expect(request.digests.map(\.hex) == [Self.hello])
  }

  /// An ecosystem of plain URLs.
  private struct OneURL: Resolver {
    let ecosystem = Ecosystem(rawValue: "web")
    func redirection(
      to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
    ) -> Redirection { Redirection() }
    func answer(to query: Query, frozen: Lockfile?) -> Answer? {
      guard case .url(let url) = query.target else { return nil }
      return request(naming: url.identity).map { .artifact($0) }
    }
    func request(naming name: String) -> Request? { LockProjectionTests.request(name) }
    func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
      InMemoryMirror()
    }
  }
}
