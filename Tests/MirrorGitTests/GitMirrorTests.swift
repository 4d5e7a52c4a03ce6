import MirrorCore
import MirrorGit
import MirrorTesting
import Synchronization
import Testing

/// Git as it is run for a source, played.
@Suite struct GitMirrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All that could lead git to what its user may see.
  private static let logins = [
    "PATH": "/bin", "HOME": "/home/me", "XDG_CONFIG_HOME": "/home/me/.config",
    "SSH_AUTH_SOCK": "/agent", "GIT_ASKPASS": "/ask", "GIT_SSH": "/ssh",
    "GIT_SSH_COMMAND": "ssh -i key",
    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
    "GIT_CONFIG_VALUE_0": "Authorization: Basic mine", "GIT_CONFIG_PARAMETERS": "'a.b=mine'",
  ]

  /// Asks for the refs of a repository, and gives the environments in which git was run.
  private func environments(
    of address: String, showsLogins: Bool, mirror: SourceSettings? = nil
  ) async throws -> [[String: String]] {
    let seen = Mutex<[[String: String]]>([])
    let surroundings = Surroundings(
      environment: Self.logins, showsLogins: showsLogins,
      programs: FakePrograms { program in
        seen.withLock { $0.append(program.environment) }
        return .failing(128, errors: "fatal: repository 'x' not found")
      }, storage: "\(folder.path)/store")
    let resolver = GitResolver()
    let source =
      mirror.flatMap { resolver.mirror($0, over: FakeTransport(), in: surroundings) }
      ?? resolver.origin(over: FakeTransport(), in: surroundings)
    let request = try #require(resolver.request(naming: address))
    _ = try await source.fetch(request, to: MemorySink())
    return seen.withLock { $0 }
  }

  @Test func `shows whoever asks nothing that the user's own logins lead to`() async throws {
    let address = "https://git.example/a/b.git"
    let environment = try #require(
      try await environments(of: address, showsLogins: false).first)
    #expect(environment["HOME"] == "/nonexistent" && environment["NETRC"] == "/dev/null")
    #expect(environment["GIT_CONFIG_GLOBAL"] == "/dev/null")
    #expect(environment["GIT_ALLOW_PROTOCOL"] == "https:http:git:file")
    for name in [
      "SSH_AUTH_SOCK", "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_PARAMETERS",
      "XDG_CONFIG_HOME",
    ] {
      #expect(environment[name] == nil, "\(name) is passed on")
    }
    #expect(!environment.values.contains { $0.contains("mine") })
    #expect(environment["PATH"] == "/bin")
  }

  @Test(arguments: ["ssh://git.example/a/b.git", "git@git.example:a/b.git"])
  func `speaks no ssh for whoever asks, but where the configuration names the mirror`(
    address: String
  ) async throws {
    let error = await #expect(throws: MirrorError.self) {
      try await environments(of: address, showsLogins: false)
    }
    #expect(error?.code == .denied && error?.message.contains("token") == true)
    let url = try #require(Locator("ssh://git@vault.example/git/"))
    let mirror = SourceSettings(name: "vault", url: url)
    let environment = try #require(
      try await environments(of: address, showsLogins: false, mirror: mirror).first)
    #expect(environment["GIT_SSH_COMMAND"] == "ssh -i key")
    #expect(environment["HOME"] == "/nonexistent" && environment["GIT_ALLOW_PROTOCOL"] == nil)
  }

  @Test func `is the user's own git where he asks himself`() async throws {
    let environment = try #require(
      try await environments(of: "git@git.example:a/b.git", showsLogins: true).first)
    for (name, value) in Self.logins where name != "GIT_CONFIG_COUNT" {
      #expect(environment[name] == value)
    }
  }
}
