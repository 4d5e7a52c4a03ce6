import MirrorCore
import MirrorTesting
import MirrorWeb
import Testing

@Suite struct WebResolverTests {
  private let resolver = WebResolver()

  // MARK: Whole URLs

  @Test(arguments: [
    ("http://files.example.https.mirror.invalid/a.tgz", "https://files.example/a.tgz"),
    ("http://files.example.http.mirror.invalid/a.tgz", "http://files.example/a.tgz"),
    ("http://FILES.example.HTTPS.mirror.invalid/A", "https://files.example/A"),
    ("http://files.example.https.mirror.invalid:8443/a", "https://files.example:8443/a"),
    ("http://files.example.https.mirror.invalid:443/a", "https://files.example/a"),
    ("http://files.example.http.mirror.invalid:8080/a", "http://files.example:8080/a"),
    ("http://127.0.0.1.http.mirror.invalid:8080/a", "http://127.0.0.1:8080/a"),
    ("http://files.example.https.mirror.invalid/a?b=c&d=%2B", "https://files.example/a?b=c&d=%2B"),
    ("http://files.example.https.mirror.invalid/a?", "https://files.example/a?"),
    ("http://files.example.https.mirror.invalid//a//b", "https://files.example//a//b"),
    ("http://files.example.https.mirror.invalid", "https://files.example/"),
    ("http://a.https.example.http.mirror.invalid/b", "http://a.https.example/b"),
  ])
  func `reads the URL as it was typed out of a rewritten one`(
    rewritten: String, typed: String
  ) throws {
    let (request, showsRedirect) = try artifact(rewritten)
    #expect(request.origin.url == typed)
    #expect(request.identity == typed)
    #expect(!showsRedirect)
  }

  @Test(arguments: ["http", "https"])
  func `shows redirects to a tool that does not follow them`(scheme: String) throws {
    let (request, showsRedirect) = try artifact(
      "http://files.example.\(scheme)-stay.mirror.invalid:8443/moved?x=1")
    #expect(request.origin.url == "\(scheme)://files.example:8443/moved?x=1")
    #expect(showsRedirect)
  }

  @Test func `sends a login of the URL, and records none`() throws {
    let (request, _) = try artifact("http://user:s3cret@files.example.https.mirror.invalid/a.tgz")
    #expect(request.origin.userInfo?.reveal() == "user:s3cret")
    #expect(request.identity == "https://files.example/a.tgz")
    #expect(!request.package.description.contains("s3cret"))
    #expect(!request.key.contains("s3cret"))
  }

  @Test(arguments: [
    "http://files.example/a.tgz", "https://files.example:8443/a?b#", "http://mirror.invalid/a",
    "http://https.mirror.invalid/a", "http://files.example.ftp.mirror.invalid/a",
    "https://files.example.https.mirror.invalid/a",
    "http://files.example.https.mirror.invalid.example/a",
  ])
  func `takes a URL that nobody rewrote as it is`(url: String) throws {
    let (request, showsRedirect) = try artifact(url)
    #expect(request.origin == Locator(url))
    #expect(!showsRedirect)
  }

  @Test func `leaves paths to others`() throws {
    #expect(throws: Unanswered.self) { try artifact(of: Query(.path("a.tgz"))) }
  }

  @Test func `does not look into the lock, which the chain reads`() throws {
    let url = try #require(Locator("https://files.example/a.tgz"))
    let (request, _) = try artifact(of: Query(.url(url)), frozen: Lockfile())
    #expect(request.identity == "https://files.example/a.tgz")
  }

  @Test(arguments: [
    ("https://files.example/a?sig=s3cret&se=2030", "https://files.example/a"),
    (
      "https://files.example/a?x=1&X-Amz-Signature=s3cret&X-Amz-Date=1&y=2",
      "https://files.example/a?x=1&y=2"
    ),
    ("https://files.example/a?token=s3cret", "https://files.example/a"),
    ("https://files.example/a?policy=open", "https://files.example/a?policy=open"),
  ])
  func `sends a signed query, and leaves it out of the identity`(
    url: String, identity: String
  ) throws {
    let (request, _) = try artifact(url)
    #expect(request.origin.url == url)
    #expect(request.identity == identity)
    #expect(!request.package.description.contains("s3cret"))
  }

  // MARK: Names that a person types

  @Test(arguments: [
    ("https://files.example/dist/tool-1.2.tgz", "tool-1.2.tgz", "tool-1.2.tgz"),
    ("http://files.example:8080/dist/", "", "files.example"),
    ("https://files.example", "", "files.example"),
  ])
  func `takes URLs`(url: String, fileName: String, packageName: String) throws {
    let request = try #require(resolver.request(naming: url))
    #expect(request.ecosystem == .web)
    #expect(request.identity == Locator(url)?.identity)
    #expect(request.fileName == fileName)
    #expect(request.package.type == "generic")
    #expect(request.package.name == packageName)
    #expect(request.package.qualifiers == ["download_url": request.identity])
    #expect(request.digests.isEmpty)
    #expect(!request.changes)
  }

  @Test func `names the owner by host and path`() throws {
    let request = try #require(resolver.request(naming: "https://files.example:8443/acme/a?b"))
    #expect(request.ownerName == "files.example/acme/a")
  }

  @Test func `takes a generic package with its checksum as a pin`() throws {
    let digest = ContentHash.sha256(of: "tool".utf8)
    let name =
      "pkg:generic/tool@1.2?checksum=\(digest)&download_url=https%3A%2F%2Ffiles.example%2Ftool.tgz"
    let request = try #require(resolver.request(naming: name))
    #expect(request.identity == "https://files.example/tool.tgz")
    #expect(request.pins == [digest])
  }

  @Test func `takes a generic package without a checksum unpinned`() throws {
    let request = try #require(
      resolver.request(naming: "pkg:generic/tool?download_url=https://files.example/tool.tgz"))
    #expect(request.identity == "https://files.example/tool.tgz")
    #expect(request.digests.isEmpty)
  }

  @Test(arguments: [
    "hello", "", "ftp://files.example/a", "file:///etc/passwd", "pkg:generic/tool@1.2",
    "pkg:generic/tool?download_url=nowhere", "pkg:pypi/six?download_url=https://files.example/a",
  ])
  func `leaves other names to others`(name: String) {
    #expect(resolver.request(naming: name) == nil)
  }

  // MARK: Redirection

  @Test func `points the wrappers of wget and curl at the gateway`() {
    let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))
    let redirection = resolver.redirection(
      to: gateway, in: Surroundings(environment: [:]), scratch: "/nowhere")
    #expect(
      redirection
        == Redirection(
          environment: ["MIRROR_GATEWAY": "http://mirror:t0ken@127.0.0.1:8040/"],
          wrappers: ["wget", "curl"]))
  }

  @Test func `has no protocol of its own, so that layouts decide`() throws {
    let settings = SourceSettings(
      name: "acme", url: try #require(Locator("https://mirror.example/")))
    #expect(
      resolver.mirror(settings, over: FakeTransport(), in: Surroundings(environment: [:])) == nil)
  }

  // MARK: Inside

  private struct Unanswered: Error {}

  private func artifact(_ url: String) throws -> (request: Request, showsRedirect: Bool) {
    try artifact(of: Query(.url(try #require(Locator(url)))))
  }

  private func artifact(
    of query: Query, frozen: Lockfile? = nil
  ) throws -> (request: Request, showsRedirect: Bool) {
    guard
      case .artifact(let request, let showsRedirect) = resolver.answer(to: query, frozen: frozen)
    else { throw Unanswered() }
    return (request, showsRedirect)
  }
}
