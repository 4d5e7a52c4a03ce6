import MirrorCore
import MirrorGo
import MirrorTesting
import Synchronization
import Testing

/// Modules straight from their repositories, with a go command that is played.
@Suite struct DirectModulesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func origin(
    _ environment: [String: String] = [:], showsLogins: Bool = true,
    _ answer: @escaping @Sendable (Program) -> FakePrograms.Outcome?
  ) -> any Mirror {
    let surroundings = Surroundings(
      environment: environment.merging(["GOPROXY": "direct", "GOENV": "off"]) { $1 },
      scratch: "\(folder.path)/scratch", showsLogins: showsLogins,
      programs: FakePrograms { $0.words[1] == "env" ? nil : answer($0) })
    return GoResolver().origin(over: FakeTransport(), in: surroundings)
  }

  private func request(_ path: String) throws -> Request {
    try #require(GoResolver().request(path))
  }

  @Test(arguments: [
    (
      "example.test/a/@v/list", ["list", "-m", "-versions", "-json", "example.test/a"],
      #"{"Versions":["v1.1.0","v1.0.0"]}"#, "v1.0.0\nv1.1.0\n"
    ),
    (
      "example.test/a/@latest", ["list", "-m", "-json", "example.test/a@latest"],
      #"{"Version":"v1.1.0","Time":"2024-01-02T03:04:05Z","Dir":"/x"}"#,
      #"{"Time":"2024-01-02T03:04:05Z","Version":"v1.1.0"}"#
    ),
    (
      "example.test/%21a/@v/main.info", ["list", "-m", "-json", "example.test/A@main"],
      #"{"Version":"v1.1.0"}"#, #"{"Version":"v1.1.0"}"#
    ),
  ])
  func `asks go, in a module of its own and with a cache of its own`(
    path: String, words: [String], output: String, text: String
  ) async throws {
    let scratch = "\(folder.path)/scratch/go-direct"
    let origin = origin { program in
      #expect(program.words == ["go"] + words)
      #expect(program.folder == "\(scratch)/here")
      #expect(program.environment["GOMODCACHE"] == "\(scratch)/cache")
      #expect(program.environment["GOPROXY"] == "direct" && program.environment["GOSUMDB"] == "off")
      #expect(program.environment["GIT_TERMINAL_PROMPT"] == "0")
      return .printing(output)
    }
    #expect(try await origin.text(try request(path)) == text)
    #expect(folder.text(of: "scratch/go-direct/here/go.mod")?.hasPrefix("module ") == true)
  }

  @Test(arguments: [true, false])
  func `shows whoever asks nothing that the user's own logins lead to`(isOwn: Bool) async throws {
    let logins = [
      "HOME": "/home/me", "SSH_AUTH_SOCK": "/agent", "GIT_SSH_COMMAND": "ssh -i key",
      "GIT_ASKPASS": "/ask", "NETRC": "/home/me/.netrc", "GOAUTH": "netrc",
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "mine",
    ]
    let origin = origin(logins, showsLogins: isOwn) { program in
      let environment = program.environment
      for (name, value) in logins {
        #expect((environment[name] == value) == isOwn, "\(name)")
      }
      let isClosed =
        environment["GIT_ALLOW_PROTOCOL"] == "https" && environment["GOVCS"] == "*:git"
        && environment["GOAUTH"] == "off" && environment["GOCACHE"]?.hasPrefix("/home/me") != true
      #expect(isClosed != isOwn)
      return .printing(#"{"Version":"v1.1.0"}"#)
    }
    #expect(try await origin.text(try request("example.test/a/@latest")) != nil)
  }

  @Test func `gives the files that go leaves behind`() async throws {
    let zip = try folder.write("a.zip", "zip")
    let mod = try folder.write("a.mod", "module example.test/a\n")
    let origin = origin { program in
      #expect(program.words == ["go", "mod", "download", "-json", "example.test/a@v1.0.0"])
      return .printing(#"{"GoMod":"\#(mod)","Zip":"\#(zip)"}"#)
    }
    #expect(try await origin.text(try request("example.test/a/@v/v1.0.0.zip")) == "zip")
    #expect(
      try await origin.text(try request("example.test/a/@v/v1.0.0.mod"))
        == "module example.test/a\n")
  }

  @Test(arguments: [
    "go: example.test/a@v1.0.0: invalid version: unknown revision v1.0.0",
    "go: module example.test/a: no matching versions for query \"latest\"",
    "example.test/a: reading https://example.test/a?go-get=1: 404 Not Found",
  ])
  func `a revision that is not there is a miss`(errors: String) async throws {
    let origin = origin { _ in .failing(errors: errors) }
    #expect(try await origin.text(try request("example.test/a/@v/v1.0.0.info")) == nil)
    let told = self.origin { _ in
      let words = errors.replacing("\"", with: "'")
      return .failing(output: #"{"Error":"\#(words)"}"#)
    }
    #expect(try await told.text(try request("example.test/a/@v/v1.0.0.zip")) == nil)
  }

  @Test(
    arguments: [
      .failing(errors: "fatal: unable to access: Could not resolve host\nmore"), .failing(137), nil,
    ] as [FakePrograms.Outcome?])
  func `a repository that does not answer is no miss`(outcome: FakePrograms.Outcome?) async throws {
    let origin = origin { _ in outcome }
    let request = try request("example.test/a/@v/v1.0.0.zip")
    let error = await #expect(throws: MirrorError.self) { try await origin.text(request) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("\n") == false)
  }
}
