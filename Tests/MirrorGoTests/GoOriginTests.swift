import GoFixtures
import MirrorCore
import MirrorGo
import MirrorTesting
import Synchronization
import Testing

/// The user's own GOPROXY list, walked as the go command walks it.
@Suite struct GoOriginTests {
  private static let path = "example.test/hello/@v/v1.0.0.mod"
  private static let text = "module example.test/hello\n"

  private func origin(
    _ environment: [String: String], _ transport: FakeTransport,
    _ resolver: GoResolver = GoResolver()
  ) -> any Mirror {
    let environment = environment.merging(["GOENV": "off"]) { mine, _ in mine }
    return resolver.origin(
      over: transport, in: Surroundings(environment: environment))
  }

  /// What the first of two proxies does, and whether the second is asked after a comma and after a bar.
  enum First: String, CaseIterable, Sendable {
    case miss, unavailable, denied, page

    func script(_ transport: FakeTransport, _ url: String) {
      switch self {
      case .miss: transport.script(url, .nothing(Reply(status: 404)))
      case .unavailable: transport.script(url, .failure(.unavailable))
      case .denied: transport.script(url, .failure(.denied))
      case .page: transport.script(url, .text("<html>", as: Content(type: "text/html")))
      }
    }
  }

  @Test(arguments: First.allCases, [",", "|"])
  func `goes on after a comma on a miss alone, and after a bar always`(
    first: First, separator: String
  ) async throws {
    let transport = FakeTransport()
    first.script(transport, "https://one.example/\(Self.path)")
    transport.script("https://two.example/go/\(Self.path)", .text(Self.text))
    let origin = origin(
      ["GOPROXY": "https://one.example\(separator) https://two.example/go"], transport)
    let request = try #require(GoResolver().request(Self.path))
    if first == .miss || separator == "|" {
      #expect(try await origin.text(request) == Self.text)
    } else {
      await #expect(throws: MirrorError.self) { try await origin.text(request) }
      #expect(transport.retrievals.count == 1)
    }
  }

  @Test(arguments: [
    ("v2.0.0+incompatible", true), ("v2.0.0", true), ("v2.0.1", false),
    ("v2.0.1+incompatible", false),
  ])
  func `takes what a proxy tells of a version, also of a module without go.mod`(
    told: String, isTaken: Bool
  ) async throws {
    let transport = FakeTransport()
    let path = "example.test/hello/@v/v2.0.0.info"
    transport.script("https://one.example/\(path)", .text(#"{"Version":"\#(told)"}"#))
    let origin = origin(["GOPROXY": "https://one.example"], transport)
    let request = try #require(GoResolver().request(path))
    let text = try? await origin.text(request)
    #expect(text == (isTaken ? #"{"Version":"\#(told)"}"# : nil))
  }

  @Test(arguments: [
    ("two.example/go", ["https://two.example/go"]),
    (
      " , https://one.example ,,https://two.example/go",
      ["https://one.example", "https://two.example/go"]
    ),
    ("file:///srv/go,https://two.example/go", ["file:///srv/go", "https://two.example/go"]),
    ("https://one.example,off,https://two.example/go", ["https://one.example"]),
    ("https://one.example|off", ["https://one.example"]),
  ])
  func `reads the list as go does`(list: String, asked: [String]) async throws {
    let transport = FakeTransport()
    let request = try #require(GoResolver().request(Self.path))
    _ = try? await origin(["GOPROXY": list], transport).text(request)
    #expect(transport.retrievals.map(\.locator.url) == asked.map { "\($0)/\(Self.path)" })
  }

  @Test(arguments: ["", "example", "ftp://one.example", ",,"])
  func `says what is wrong with a list that cannot be used`(list: String) async throws {
    let request = try #require(GoResolver().request(Self.path))
    let error = await #expect(throws: MirrorError.self) {
      try await origin(["GOPROXY": list], FakeTransport()).text(request)
    }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("GOPROXY") == true)
  }

  @Test func `does not print the login of a proxy`() async throws {
    let request = try #require(GoResolver().request(Self.path))
    let error = await #expect(throws: MirrorError.self) {
      try await origin(["GOPROXY": "ftp://me:s3cret@one.example"], FakeTransport()).text(request)
    }
    #expect(error?.message.contains("s3cret") == false)
  }

  @Test func `asks nobody where the list says off`() async throws {
    let transport = FakeTransport()
    let request = try #require(GoResolver().request(Self.path))
    let error = await #expect(throws: MirrorError.self) {
      try await origin(["GOPROXY": "off"], transport).text(request)
    }
    #expect(error?.code == .refused)
    #expect(transport.retrievals.isEmpty)
  }

  @Test(arguments: [
    ("GOPRIVATE", "go.acme.test", "go.acme.test/secret", true),
    ("GOPRIVATE", "*.acme.test", "go.acme.test/secret", true),
    ("GOPRIVATE", "other.test,*.acme.test/team?", "go.acme.test/team1/secret", true),
    ("GOPRIVATE", "go.acme.test/team", "go.acme.test/secret", false),
    ("GOPRIVATE", "acme.test", "go.acme.test/secret", false),
    ("GOPRIVATE", "go.acme.test/[a-s]*", "go.acme.test/secret", true),
    ("GOPRIVATE", "go.acme.test/[^s]*", "go.acme.test/secret", false),
    ("GONOPROXY", "go.acme.test", "go.acme.test/secret", true),
    ("GONOPROXY", "none", "go.acme.test/secret", false),
  ])
  func `asks no proxy for a private module`(
    variable: String, patterns: String, module: String, isPrivate: Bool
  ) async throws {
    let transport = FakeTransport()
    let request = try #require(GoResolver().request("\(module)/@v/v1.0.0.mod"))
    let environment = ["GOPROXY": "https://one.example", variable: patterns]
    _ = try? await origin(environment, transport).text(request)
    #expect(transport.retrievals.isEmpty == isPrivate)
  }

  @Test func `asks go for what is not set, and takes its answer alone`() async throws {
    let transport = FakeTransport()
    transport.script("https://builtin.example/\(Self.path)", .text(Self.text))
    let programs = FakePrograms { program in
      #expect(program.words.prefix(3) == ["go", "env", "-json"])
      #expect(program.environment["GOTOOLCHAIN"] == "local" && program.folder == "/")
      return .printing(#"{"GOPROXY":"https://builtin.example","GOSUMDB":""}"#)
    }
    let surroundings = Surroundings(
      environment: ["GOPROXY": "https://shadowed.example"], programs: programs)
    let origin = GoResolver().origin(over: transport, in: surroundings)
    let request = try #require(GoResolver().request(Self.path))
    #expect(try await origin.text(request) == Self.text)
  }

  // MARK: Checksum databases

  private static let module = GoModule("example.test/hello", "v1.0.0", files: ["a.go": "package a"])
  private static let database = ChecksumDatabase("sum.example.test", [module])
  private static let lookup = "lookup/example.test/hello@v1.0.0"

  @Test func `asks the first proxy that speaks for a database`() async throws {
    let transport = FakeTransport()
    let root = "sumdb/sum.example.test"
    let answer = try #require(try Self.database.files()[Self.lookup])
    transport.script("https://two.example/\(root)/supported", .text(""))
    transport.script(
      "https://two.example/\(root)/\(Self.lookup)", .text(String(decoding: answer, as: UTF8.self)))
    let origin = origin(
      ["GOPROXY": "https://one.example,https://two.example,direct"], transport)
    let request = try #require(GoResolver().request("\(root)/\(Self.lookup)"))
    #expect(try await origin.text(request) == String(decoding: answer, as: UTF8.self))
    #expect(try await origin.text(request) != nil)
    #expect(
      transport.retrievals.map(\.locator.url) == [
        "https://one.example/\(root)/supported", "https://two.example/\(root)/supported",
        "https://two.example/\(root)/\(Self.lookup)", "https://two.example/\(root)/\(Self.lookup)",
      ])
  }

  @Test(arguments: [
    ("direct", "sum.example.test", "https://sum.example.test"),
    ("https://one.example,direct", "sum.example.test", "https://sum.example.test"),
    ("direct", "sum.example.test+01+AA https://sum.acme.example/db", "https://sum.acme.example/db"),
    ("direct", "other.example+01+AA https://sum.acme.example/db", "https://sum.example.test"),
  ])
  func `asks the database itself where no proxy speaks for it`(
    proxies: String, setting: String, base: String
  ) async throws {
    let transport = FakeTransport()
    let request = try #require(GoResolver().request("sumdb/sum.example.test/\(Self.lookup)"))
    _ = try await origin(["GOPROXY": proxies, "GOSUMDB": setting], transport).text(request)
    #expect(transport.retrievals.last?.locator.url == "\(base)/\(Self.lookup)")
  }

  @Test func `asks no proxy for a database with a URL of its own`() async throws {
    let transport = FakeTransport()
    let request = try #require(GoResolver().request("sumdb/sum.example.test/\(Self.lookup)"))
    let environment = [
      "GOPROXY": "https://one.example", "GOSUMDB": "sum.example.test+01+AA https://db.example",
    ]
    _ = try await origin(environment, transport).text(request)
    #expect(transport.retrievals.map(\.locator.url) == ["https://db.example/\(Self.lookup)"])
  }

  @Test func `asks go once, however many modules are wanted at the same time`() async throws {
    let transport = FakeTransport()
    transport.script("https://builtin.example/\(Self.path)", .text(Self.text))
    let asked = Mutex(0)
    let programs = FakePrograms { _ in
      asked.withLock { $0 += 1 }
      await Task.yield()
      return .printing(#"{"GOPROXY":"https://builtin.example"}"#)
    }
    let surroundings = Surroundings(environment: [:], programs: programs)
    let origin = GoResolver().origin(over: transport, in: surroundings)
    let request = try #require(GoResolver().request(Self.path))
    try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await origin.text(request) } }
      for try await text in group { #expect(text == Self.text) }
    }
    #expect(asked.withLock { $0 } == 1)
  }

  @Test func `answers every look-up of a run under one tree head, as long as it holds the record`()
    async throws
  {
    let modules = (0..<4).map {
      GoModule("example.test/m\($0)", "v1.0.0", files: ["a.go": "package m"])
    }
    let database = ChecksumDatabase("sum.example.test", modules)
    // The tree grows from one look-up to the next.
    let files = try database.files { [2, 3, 4, 4][$0] }
    let transport = FakeTransport()
    for (path, bytes) in files {
      transport.script(
        "https://sum.example.test/\(path)", .text(String(decoding: bytes, as: UTF8.self)))
    }
    let resolver = GoResolver()
    let origin = origin(["GOPROXY": "direct", "GOSUMDB": "sum.example.test"], transport, resolver)
    var sizes: [String] = []
    for number in 0..<4 {
      let path = "sumdb/sum.example.test/lookup/example.test/m\(number)@v1.0.0"
      let request = try #require(resolver.request(path))
      let text = try #require(try await origin.text(request))
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.first == "\(number)")
      sizes.append(String(lines[5]))
    }
    // The head of two records serves the first two; the third needs another.
    #expect(sizes == ["2", "2", "4", "4"])
  }
}
