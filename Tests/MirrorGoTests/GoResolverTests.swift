import MirrorCore
import MirrorGo
import MirrorTesting
import Testing

@Suite struct GoResolverTests {
  private let resolver = GoResolver()

  @Test(arguments: [
    ("example.test/hello/@v/list", "example.test/hello", true),
    ("example.test/hello/@latest", "example.test/hello", true),
    ("example.test/hello/@v/v1.0.0.info", "example.test/hello", false),
    ("example.test/hello/@v/v1.0.0.mod", "example.test/hello", false),
    ("example.test/hello/@v/v1.0.0.zip", "example.test/hello", false),
    ("example.test/%21upper/%21case/@v/v1.0.0-%21r%21c1.zip", "example.test/Upper/Case", false),
    ("example.test/old/@v/v2.0.0+incompatible.zip", "example.test/old", false),
    ("example.test/two/v2/@v/v2.1.0.mod", "example.test/two/v2", false),
    ("example.test/p/@v/v0.0.0-20240102030405-abcdefabcdef.info", "example.test/p", false),
    ("golang.org/toolchain/@v/v0.0.1-go1.22.0.linux-amd64.zip", "golang.org/toolchain", false),
    ("example.test/hello/@v/main.info", "example.test/hello", true),
    ("example.test/hello/@v/v1.2.info", "example.test/hello", true),
    ("example.test/hello/@v/abcdef012345.info", "example.test/hello", true),
    ("sumdb/sum.example.test/latest", "sum.example.test", true),
    ("sumdb/sum.example.test/lookup/example.test/!a@v1.0.0", "example.test/A", true),
    ("sumdb/sum.example.test/tile/8/0/x001/234", "sum.example.test", false),
    ("sumdb/sum.example.test/tile/8/1/000.p/17", "sum.example.test", false),
    ("sumdb/sum.example.test/tile/8/data/000.p/17", "sum.example.test", false),
  ])
  func `knows what changes, and whose a question is`(
    path: String, owner: String, changes: Bool
  ) throws {
    let request = try #require(resolver.request(path))
    #expect(request.ownerName == owner)
    #expect(request.changes == changes)
    #expect(request.isRecorded)
    // The name in the lock is itself the path of the thing.
    #expect(resolver.request(request.identity)?.identity == request.identity)
  }

  @Test(arguments: [
    "", "@v/list", "hello/@v/list", "example.test/hello", "example.test/hello/@v/", "/@latest",
    "example.test/hello/@v/main.zip", "example.test/hello/@v/main.mod",
    "example.test/hello/@v/v1.0.0.txt", "example.test/Hello/@v/list", "example.test/!Hello/@v/list",
    "example.test/../secret/@v/list", "example.test/./a/@v/list", "example.test//a/@v/list",
    "example.test/a/@v/..%2f..%2fx.info", "example.test/a/@v/v1.0.0/../x.info",
    "example.test/a!/@v/list", "sumdb/sum.example.test", "sumdb/../latest",
    "sumdb/sum.example.test/tile/30/0/000.p/1", "sumdb/sum.example.test/tile/8/0/12",
    "sumdb/sum.example.test/tile/8/0/000.p/256",
    "sumdb/sum.example.test/tile/8/0/000.p/0", "sumdb/sum.example.test/tile/8/0/../000",
    "sumdb/sum.example.test/lookup/example.test/a@main", "example.test/a%00/@v/list",
    "example.test/a%20b/@v/list",
  ])
  func `takes nothing else for a question`(path: String) {
    #expect(resolver.answer(to: Query(.path(path)), frozen: nil) == nil)
  }

  @Test func `speaks for every checksum database, so that go does not pass us by`() throws {
    let answer = resolver.answer(
      to: Query(.path("sumdb/sum.example.test/supported")), frozen: nil)
    guard case .document(let document) = answer else { throw Missing() }
    #expect(document.status == 200)
  }

  @Test func `leaves whole URLs to others`() throws {
    let url = try #require(Locator("http://example.test/hello/@v/list"))
    #expect(resolver.answer(to: Query(.url(url)), frozen: nil) == nil)
  }

  @Test func `gives the beginning of a wider tile where only that was recorded`() throws {
    let wide = try #require(resolver.request("sumdb/sum.example.test/tile/8/0/000.p/5"))
    let bytes = Array(repeating: UInt8(7), count: 160)
    let lock = Lockfile([
      LockEntry(
        ecosystem: .go, identity: wide.identity,
        state: .present(ContentHash.sha256(of: bytes), size: bytes.count))
    ])
    let answer = resolver.answer(
      to: Query(.path("sumdb/sum.example.test/tile/8/0/000.p/3")), frozen: lock)
    guard case .page(let request, let render) = answer else { throw Missing() }
    #expect(request.identity == wide.identity)
    #expect(try render(bytes, Content()).bytes == Array(repeating: 7, count: 96))
    guard
      case .artifact(let other, _) = resolver.answer(
        to: Query(.path("sumdb/sum.example.test/tile/8/0/000.p/6")), frozen: lock)
    else { throw Missing() }
    #expect(other.identity.hasSuffix("/6"))
  }

  @Test(arguments: [
    ("pkg:golang/example.test/hello@v1.0.0", "example.test/hello/@v/v1.0.0.zip"),
    ("pkg:golang/example.test/Upper/Case@v0.1.0", "example.test/!upper/!case/@v/v0.1.0.zip"),
    (
      "pkg:golang/example.test/old@v2.0.0%2Bincompatible",
      "example.test/old/@v/v2.0.0+incompatible.zip"
    ),
  ])
  func `names the zip of a package URL`(name: String, identity: String) {
    #expect(resolver.request(naming: name)?.identity == identity)
  }

  @Test(arguments: [
    "pkg:golang/example.test/hello", "pkg:golang/example.test/hello@main",
    "pkg:golang/hello@v1.0.0",
    "pkg:pypi/six@1.0", "https://example.test/hello@v1.0.0",
  ])
  func `names nothing by other texts`(name: String) {
    #expect(resolver.request(naming: name) == nil)
  }

  @Test func `points go at the gateway, and keeps the user's flags`() {
    let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))
    let surroundings = Surroundings(environment: ["GOFLAGS": "-mod=vendor"])
    let redirection = resolver.redirection(to: gateway, in: surroundings, scratch: "/scratch")
    #expect(redirection.environment["GOPROXY"] == "http://127.0.0.1:8040/t/t0ken/go")
    #expect(redirection.environment["GONOPROXY"] == "none")
    #expect(redirection.environment["GOPRIVATE"] == nil)
    #expect(redirection.environment["GOSUMDB"] == nil)
    #expect(redirection.caches["GOMODCACHE"] == "/scratch/go-modules")
    #expect(redirection.caches["GOFLAGS"] == "-mod=vendor -modcacherw")
    #expect(redirection.caches["GOCACHE"] == nil)
    #expect(redirection.files["/scratch/go.mod"] != nil)
  }

  @Test func `keeps the flags that go env -w has written`() throws {
    let folder = try TemporaryFolder()
    try folder.write("go/env", "# mine\nGOFLAGS=-mod=mod\n")
    let surroundings = Surroundings(environment: ["XDG_CONFIG_HOME": folder.path])
    let redirection = resolver.redirection(
      to: GatewayAddress(host: "127.0.0.1", port: 1, token: nil), in: surroundings, scratch: "/s")
    #expect(redirection.caches["GOFLAGS"] == "-mod=mod -modcacherw")
    #expect(redirection.environment["GOPROXY"] == "http://127.0.0.1:1/go")
  }

  @Test func `leads go to a checksum database with a URL of its own through the gateway`() throws {
    let settings = "sum.example.test+01+AA https://sum.acme.example/db"
    let surroundings = Surroundings(environment: ["GOSUMDB": settings, "GOENV": "off"])
    let gateway = GatewayAddress(host: "127.0.0.1", port: 1, token: nil)
    let redirection = resolver.redirection(to: gateway, in: surroundings, scratch: "/s")
    #expect(redirection.environment["GOSUMDB"] == "sum.example.test+01+AA")
    let place = try #require(Locator("http://gateway.acme.example"))
    let text = { (place: NativePlace) in
      resolver.nativeFiles(for: place, in: surroundings).first?.text
    }
    #expect(text(.gateway(place))?.contains("GOSUMDB=sum.example.test+01+AA\n") == true)
    #expect(
      text(.mirror(SourceSettings(name: "acme", url: place)))?.contains("GOSUMDB=\(settings)\n")
        == true)
  }

  @Test func `writes the file that survives sudo, without a secret`() throws {
    let place = try #require(Locator("http://gateway.acme.example:8040/"))
    let plain = resolver.nativeFiles(
      for: .gateway(place), in: Surroundings(environment: ["GOENV": "off"]))
    #expect(
      plain == [
        NativeFile(
          path: "/root/.config/go/env", text: "GOPROXY=http://gateway.acme.example:8040/go\n")
      ])
    let secret = try #require(Locator("https://me:secret@go.acme.example/api/go/all"))
    let files = resolver.nativeFiles(
      for: .mirror(SourceSettings(name: "acme", url: secret)),
      in: Surroundings(environment: ["GOPRIVATE": "*.acme.test", "GOENV": "off"]))
    #expect(
      files.first?.text == """
        GOPROXY=https://go.acme.example/api/go/all
        GONOPROXY=none
        GONOSUMDB=*.acme.test

        """)
  }
}
