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

  /// The files that a projection has, by name.
  private func files(_ projection: LockProjection) -> [String: String] {
    Dictionary(
      projection.folder.files.map { ($0.name.description, $0.list.text) }, uniquingKeysWith: +)
  }

  private func line(
    _ identity: String, _ attributes: [String: String] = [:], changes: Bool = false,
    of ecosystem: String = "web"
  ) -> LockEntry {
    LockEntry(
      ecosystem: Ecosystem(rawValue: ecosystem), identity: identity,
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
        ["package": "curl", "version": "1:7.88.1-10", "architecture": "amd64"], of: "apt"),
      line(
        "https://archive.example/debian/dists/bookworm/main/Packages.gz", changes: true, of: "apt"),
      line("pkg:golang/go.example/x@v1.0.0"),
      try await entry("https://files.example/hello", "hello"),
    ])
    let projection = try LockProjection(lock, store: store)
    #expect(projection.gaps.isEmpty)
    #expect(
      files(projection) == [
        "versions-py3": "six==1.16.0\n", "versions-deb-all-amd64": "curl==1:7.88.1-10\n",
        "versions-web": "https://files.example/hello==\(Self.hello)\n",
      ])
    #expect(
      files(try LockProjection(lock, store: store, python: .py2))["versions-py2"]
        == "six==1.16.0\n")
  }

  @Test func `packages are listed by distribution and architecture, those of all with each`()
    throws
  {
    func package(
      _ name: String, _ version: String, _ architecture: String, _ release: String?
    )
      -> LockEntry
    {
      line(
        "https://archive.example/debian/pool/main/x/x/\(name)_\(version)_\(architecture).deb",
        [
          "package": name, "version": version, "architecture": architecture, "release": release,
        ].compactMapValues { $0 }, of: "apt")
    }
    let lock = Lockfile([
      package("a", "1", "amd64", "trixie"), package("a", "1+b1", "arm64", "trixie-security"),
      package("docs", "1", "all", "trixie"), package("a", "0", "amd64", "bullseye/updates"),
      package("tz", "2026a", "all", "bookworm"), package("b", "1", "amd64", "stable"),
      package("c", "1", "amd64", nil),
    ])
    let projection = try LockProjection(lock, store: nil)
    #expect(projection.gaps == [])
    #expect(
      files(projection) == [
        "versions-deb-trixie-amd64": "a==1\ndocs==1\n",
        "versions-deb-trixie-arm64": "a==1+b1\ndocs==1\n",
        "versions-deb-bullseye-amd64": "a==0\n", "versions-deb-bookworm": "tz==2026a\n",
        "versions-deb-all-amd64": "b==1\nc==1\n",
      ])
  }

  @Test func `of archives and repositories only plain files are listed as URLs`() async throws {
    let source = try await entry(
      "http://archive.example/debian/pool/main/h/hello/hello_2.10-3.dsc", "hello")
    let sum = String(repeating: "a", count: 64)
    let root = "http://archive.example/debian"
    // Lines as recorded ones have them.
    let lines = [
      "apt \(root)/dists/trixie/InRelease sha256:\(sum) 9 archive=\(root) changes=yes release=trixie",
      "apt \(root)/dists/trixie/main/binary-amd64/by-hash/SHA256/\(sum) sha256:\(sum) 9 "
        + "architecture=amd64 archive=\(root) component=main release=trixie",
      "apt http://archive.example/flat/by-hash/SHA256/\(sum) sha256:\(sum) 9",
      "apt \(source.identity) \(source.bytes?.digest.description ?? "") 5 archive=\(root) "
        + "component=main package=hello version=2.10-3",
      "git https://git.example/acme/tool/objects/0123 sha256:\(sum) 9",
      "git https://git.example/acme/tool.git/info/lfs/0123 sha256:\(sum) 9",
      "go https://go.example/x/@v/v1.0.0.zip sha256:\(sum) 9",
    ]
    let path = try folder.write(
      "mirror.lock", "mirror.lock 1\n" + lines.joined(separator: "\n") + "\n")
    let projection = try LockProjection(try Lockfile(contentsOf: path), store: store)
    #expect(files(projection) == ["versions-web": "\(source.identity)==\(Self.hello)\n"])
    // All that is missing is the date of the suite.
    #expect(projection.gaps.count == 1)
  }

  @Test func `an export leaves every other file of the folder as it is`() throws {
    let others = [
      "versions-deb-trixie-amd64", "versions-deb-bookworm-arm64", "versions-py3-trixie-amd64",
      "versions-py3-all-armhf", "versions-docker", "01-versions-deb", "notes",
    ]
    for name in others { try folder.write("out/\(name)", "x==1") }
    try folder.write("out/versions-deb-trixie-arm64", "old==1")
    try folder.write("out/versions-mirror", "debian==1\nx==1")
    let exported = VersionFolder([
      try Fixtures.file("versions-deb-trixie-arm64", "a==1"),
      try Fixtures.file("versions-mirror", "x==2"),
    ])
    try exported.write(into: "\(folder.path)/out", joining: [.mirror])
    for name in others { #expect(folder.text(of: "out/\(name)") == "x==1", "\(name)") }
    #expect(folder.text(of: "out/versions-deb-trixie-arm64") == "a==1\n")
    #expect(folder.text(of: "out/versions-mirror") == "debian==1\nx==2\n")
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
      files(projection) == [
        "versions-git": "https://git.example/acme/tool.git==\(commit)\n",
        "versions-mirror": """
        archive.example_debian-security_dists_bookworm-security==2026-08-07T16:58:02Z
        debian==20260814T000752Z
        snapshot.example_snapshot_debian_20260814T000752Z_dists_bookworm==2026-07-11T10:16:37Z

        """,
      ])
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
    #expect(files(projection) == ["versions-py3": "six==1.16.0\n"])
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
