import MirrorGit
import Testing

/// The paths of a mirror.
@Suite struct RepositoryLayoutTests {
  @Test(
    arguments: [
      (nil, "https/git.example/acme/tool.git", "git.example/acme/tool.git"),
      (nil, "https/git.example:8443/acme/tool", "git.example:8443/acme/tool.git"),
      (nil, "https/[::1]/tool", "[::1]/tool.git"),
      ("{owner}/{name}.git", "https/git.example/a/b/c", "a/b/c.git"),
      ("{owner}-{name}.bundle", "scp/git.example:acme/tool.git", "acme-tool.bundle"),
      ("./{name}.git", "https/git.example/acme/tool", "./tool.git"),
      ("/{name}.git", "https/git.example/acme/tool", "/tool.git"),
      ("{path}.git", "https/git.example/a%20b/c", "a%20b/c.git"),
      ("{owner}/{name}.git", "https/git.example/tool", nil),
    ] as [(String?, String, String?)])
  func `follows the template`(template: String?, address: String, path: String?) throws {
    #expect(RepositoryLayout(template).path(of: try repository(address)) == path)
  }

  @Test(arguments: [
    "https/%2e%2e%2f%2e%2e%2fhome%2fme/project", "https/../project", "https/h/../../project",
    "https/h/%2e%2e/project", "https/h/a%2f..%2f..%2fproject", "https/h/project%00",
    "https/h%00/project", "ssh/..%2f../project",
  ])
  func `never leads out of the mirror, however it is written`(address: String) throws {
    let repository = try repository(address)
    #expect(RepositoryLayout().path(of: repository) == nil)
  }

  private func repository(_ address: String) throws -> GitRepository {
    let parts = address.split(separator: "/", maxSplits: 1)
    return try #require(GitRepository(scheme: String(parts[0]), rest: String(parts[1])))
  }
}
