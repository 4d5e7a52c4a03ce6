import MirrorCore
import MirrorPip
import MirrorTesting
import Testing

/// Mirrors and origins that speak the simple API.
@Suite struct IndexMirrorTests {
  private static let name = "demo-1.0-py3-none-any.whl"
  private let transport = FakeTransport()

  private func mirror(
    _ url: String = "https://mirror.example/simple/", credential: CredentialReference? = nil
  ) throws -> any Mirror {
    let settings = SourceSettings(
      name: "acme", url: try #require(Locator(url)), credential: credential)
    return try #require(
      PipResolver().mirror(settings, over: transport, in: Surroundings(environment: [:])))
  }

  private func origin(_ environment: [String: String]) -> any Mirror {
    let environment = environment.merging(["PIP_CONFIG_FILE": "/dev/null"]) { $1 }
    return PipResolver().origin(
      over: transport, in: Surroundings(environment: environment))
  }

  private func request(_ fileName: String = name, pinned digest: Digest? = nil) throws -> Request {
    let checksum = digest.map { "checksum=\($0)&" } ?? ""
    return try #require(
      PipResolver().request(naming: "pkg:pypi/demo@1.0?\(checksum)file_name=\(fileName)"))
  }

  private func pageRequest() throws -> Request {
    let query = Query(.path("simple/demo/"), accept: Recorded.pipAccept)
    guard case .page(let request, _) = PipResolver().answer(to: query, frozen: nil) else {
      throw Unanswered()
    }
    return request
  }

  private func page(_ files: String...) -> ScriptedFinding {
    .text(
      "{\"meta\": {\"api-version\": \"1.0\"}, \"name\": \"demo\", \"files\": ["
        + files.joined(separator: ", ") + "]}",
      as: Content(type: "application/vnd.pypi.simple.v1+json"))
  }

  private func file(_ url: String, _ more: String = "") -> String {
    let name = url.split(separator: "/").last ?? ""
    return "{\"filename\": \"\(name)\", \"url\": \"\(url)\", \"hashes\": {}\(more)}"
  }

  private func error(of mirror: any Mirror, _ request: Request) async -> MirrorError? {
    await #expect(throws: MirrorError.self) {
      _ = try await mirror.fetch(request, to: MemorySink())
    }
  }

  private var asked: [String] { transport.retrievals.map(\.locator.url) }

  // MARK: Pages

  @Test func `have no page that the server does not have`() async throws {
    let finding = try await mirror().fetch(pageRequest(), to: MemorySink())
    guard case .nothing(let reply) = finding else { throw Unanswered() }
    #expect(reply?.status == 404)
    #expect(asked == ["https://mirror.example/simple/demo/"])
  }

  @Test(arguments: [
    "<!DOCTYPE html><title>Sign in</title><form action=\"login\"></form>", "", "Service busy.",
  ])
  func `do not take a login page for a project without files`(text: String) async throws {
    transport.script(
      "https://mirror.example/simple/demo/", .text(text, as: Content(type: "text/html")))
    let error = try await error(of: mirror(), pageRequest())
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("https://mirror.example/simple/demo/") == true)
  }

  @Test(arguments: ["{\"error\": \"busy\"}", "{", "[]", "{\"meta\": {}, \"files\": 7}"])
  func `do not take other JSON for a page`(text: String) async throws {
    transport.script(
      "https://mirror.example/simple/demo/", .text(text, as: Content(type: "application/json")))
    #expect(try await error(of: mirror(), pageRequest())?.code == .unavailable)
  }

  @Test func `do not guess at a later version of the simple API`() async throws {
    transport.script(
      "https://mirror.example/simple/demo/",
      .text(
        "{\"meta\": {\"api-version\": \"2.0\"}, \"name\": \"demo\", \"files\": []}",
        as: Content(type: "application/vnd.pypi.simple.v1+json")))
    let error = try await error(of: mirror(), pageRequest())
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("2.0") == true)
  }

  @Test(arguments: [MirrorError.Code.unavailable, .denied, .insecure])
  func `fail as the transport fails`(code: MirrorError.Code) async throws {
    transport.script("https://mirror.example/simple/demo/", .failure(code))
    #expect(try await error(of: mirror(), pageRequest())?.code == code)
    #expect(try await error(of: mirror(), request())?.code == code)
  }

  // MARK: Files

  @Test func `give a file from wherever they keep it`() async throws {
    transport.script("https://mirror.example/simple/demo/", page(file("/kept/here/\(Self.name)")))
    transport.script("https://mirror.example/kept/here/\(Self.name)", .text("wheel"))
    let sink = MemorySink()
    var request = try request()
    request.origin = try #require(Locator("https://elsewhere.example/\(Self.name)"))
    _ = try await mirror(credential: .environment("TOKEN")).fetch(request, to: sink)
    #expect(sink.bytes == Array("wheel".utf8))
    #expect(
      asked == [
        "https://mirror.example/simple/demo/", "https://mirror.example/kept/here/\(Self.name)",
      ])
    #expect(transport.retrievals.allSatisfy { $0.credential == .environment("TOKEN") })
    #expect(
      transport.retrievals.allSatisfy { $0.credentialEndpoint == "https://mirror.example" })
  }

  @Test func `look a page up once for many files`() async throws {
    transport.script(
      "https://mirror.example/simple/demo/",
      page(file("/\(Self.name)", ", \"core-metadata\": true"), file("/demo-1.1.zip")))
    let mirror = try mirror()
    for name in [Self.name, "demo-1.1.zip", "\(Self.name).metadata"] {
      transport.script("https://mirror.example/\(name)", .text(name))
      let sink = MemorySink()
      _ = try await mirror.fetch(request(name), to: sink)
      #expect(sink.bytes == Array(name.utf8))
    }
    #expect(asked.count { $0.hasSuffix("/demo/") } == 1)
  }

  @Test func `look the page up anew when caches are to be passed by`() async throws {
    transport.script("https://mirror.example/simple/demo/", page(file("/\(Self.name)")))
    let mirror = try mirror()
    var request = try request()
    _ = try await mirror.fetch(request, to: MemorySink())
    request.reloads = true
    _ = try await mirror.fetch(request, to: MemorySink())
    #expect(transport.retrievals.map(\.reloads) == [false, false, true, true])
  }

  @Test(arguments: ["demo-9.zip", "\(Self.name).metadata"])
  func `do not have what their page does not list`(fileName: String) async throws {
    transport.script("https://mirror.example/simple/demo/", page(file("/\(Self.name)")))
    guard case .nothing = try await mirror().fetch(request(fileName), to: MemorySink()) else {
      throw Unanswered()
    }
    #expect(asked.allSatisfy { $0.hasSuffix("/simple/demo/") })
  }

  @Test func `are caught when they list another digest than the pin`() async throws {
    let other = Digest.of("other").hex
    transport.script(
      "https://mirror.example/simple/demo/",
      page(
        "{\"filename\": \"\(Self.name)\", \"url\": \"/x\", \"hashes\": {\"sha256\": \"\(other)\"}}"
      ))
    let error = try await error(of: mirror(), request(pinned: Digest.of("wheel")))
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains(other) == true)
    #expect(error?.message.contains(Digest.of("wheel").hex) == true)
    #expect(asked.allSatisfy { $0.hasSuffix("/simple/demo/") })
  }

  @Test func `may not link from https to http`() async throws {
    transport.script(
      "https://mirror.example/simple/demo/", page(file("http://files.example/\(Self.name)")))
    let error = try await error(of: mirror(), request())
    #expect(error?.code == .insecure)
    #expect(error?.message.contains("http://files.example") == true)
    #expect(asked == ["https://mirror.example/simple/demo/"])
  }

  @Test func `may link from http to http and https`() async throws {
    transport.script(
      "http://mirror.example/simple/demo/",
      page(file("http://files.example/\(Self.name)"), file("https://files.example/demo-2.zip")))
    let mirror = try mirror("http://mirror.example/simple/")
    for name in [Self.name, "demo-2.zip"] {
      _ = try await mirror.fetch(request(name), to: MemorySink())
    }
    #expect(
      asked.dropFirst() == [
        "http://files.example/\(Self.name)", "https://files.example/demo-2.zip",
      ])
  }

  @Test func `are told to people by the page they would be asked for`() throws {
    #expect(try mirror().location(of: request()) == "https://mirror.example/simple/demo/")
    #expect(try mirror().endpoint(for: request()) == "https://mirror.example")
    #expect(try mirror().name == "acme")
    #expect(try origin([:]).endpoint(for: request()) == nil)
  }

  // MARK: The origin

  @Test func `are merged when the origin has several, the first of one name counting`()
    async throws
  {
    transport.script(
      "https://one.example/simple/demo/", page(file("https://one.example/a/\(Self.name)")))
    transport.script(
      "https://two.example/simple/demo/",
      page(file("https://two.example/b/\(Self.name)"), file("https://two.example/b/demo-2.zip")))
    let origin = origin([
      "PIP_INDEX_URL": "https://one.example/simple",
      "PIP_EXTRA_INDEX_URL": "https://gone.example/simple https://two.example/simple/",
    ])
    for name in [Self.name, "demo-2.zip"] {
      _ = try await origin.fetch(request(name), to: MemorySink())
    }
    #expect(
      asked == [
        "https://one.example/simple/demo/", "https://gone.example/simple/demo/",
        "https://two.example/simple/demo/", "https://one.example/a/\(Self.name)",
        "https://two.example/b/demo-2.zip",
      ])
  }

  @Test func `have nothing when none of them has it`() async throws {
    let origin = origin([
      "PIP_INDEX_URL": "https://one.example/simple",
      "PIP_EXTRA_INDEX_URL": "https://two.example/simple/",
    ])
    guard case .nothing(let reply) = try await origin.fetch(pageRequest(), to: MemorySink()) else {
      throw Unanswered()
    }
    #expect(reply?.status == 404)
    #expect(asked.count == 2)
  }

  @Test func `give away a pinned file that the page forgot, as its server may still hold it`()
    async throws
  {
    transport.script("https://one.example/simple/demo/", page())
    var request = try request(pinned: Digest.of("wheel"))
    request.origin = try #require(Locator("https://files.example/\(Self.name)"))
    let origin = origin(["PIP_INDEX_URL": "https://one.example/simple"])
    _ = try await origin.fetch(request, to: MemorySink())
    #expect(asked.last == "https://files.example/\(Self.name)")
  }

  @Test func `show the index's login to the index alone`() async throws {
    transport.script(
      "https://one.example/simple/demo/",
      page(file("/\(Self.name)"), file("https://files.example/demo-2.zip")))
    let origin = origin(["PIP_INDEX_URL": "https://user:s3cret@one.example/simple"])
    for name in [Self.name, "demo-2.zip"] {
      _ = try await origin.fetch(request(name), to: MemorySink())
    }
    #expect(
      transport.retrievals.map { $0.locator.userInfo?.reveal() }
        == ["user:s3cret", "user:s3cret", nil])
  }
}
