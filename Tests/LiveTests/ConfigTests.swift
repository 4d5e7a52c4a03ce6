import Foundation
import MirrorTesting
import Testing

/// `mirror config`: the tools' own files, for images without our binary.
@Suite struct ConfigTests {
  private static let configuration = """
    [mirror devpi]
    url = https://devpi.example/root/2026/+simple/
    credential = env:DEVPI_TOKEN

    [mirror vault]
    url = https://vault.example/pypi/simple/

    [chain pip]
    sources = store, devpi, vault, origin
    """

  private func config(_ words: [String], in folder: String) async throws -> Tool.Outcome {
    try Self.configuration.write(
      toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
    return try await Tool.run([Tool.mirror, "config"] + words, in: folder)
  }

  @Test(arguments: [
    ([], "https://devpi.example/root/2026/+simple/"),
    (["--mirror", "vault"], "https://vault.example/pypi/simple/"),
    (["--gateway", "http://mirror.example:8040"], "http://mirror.example:8040/pip/simple/"),
  ])
  func `points pip at the place that was named`(options: [String], index: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await config(options + ["pip"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      #expect(outcome.text == "[global]\nindex-url = \(index)\n")
    }
  }

  @Test(.enabled(if: Tool.areInstalled("pip"), "needs pip"))
  func `writes a file that pip itself reads`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await config(["--into", "image", "pip"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      var environment = Tool.environment(home: folder)
      environment["PIP_CONFIG_FILE"] = "\(folder)/image/etc/pip.conf"
      environment["PIP_INDEX_URL"] = nil
      let asked = try await Tool.run(
        ["pip", "config", "list"], in: folder, environment: environment)
      #expect(asked.text.contains("global.index-url='https://devpi.example/root/2026/+simple/'"))
    }
  }

  @Test(.enabled(if: Tool.areInstalled("git"), "needs git"))
  func `writes a file by which git itself finds the gateway, and pushes to the original`()
    async throws
  {
    try await TemporaryFolder.with { folder in
      let outcome = try await config(
        ["--into", "image", "--gateway", "http://mirror.example:8040", "git"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      var environment = Tool.environment(home: folder)
      environment["GIT_CONFIG_SYSTEM"] = "\(folder)/image/etc/gitconfig"
      environment["GIT_CONFIG_NOSYSTEM"] = nil
      environment["GIT_CONFIG_COUNT"] = nil
      for (url, place) in [
        ("https://git.example/acme/tool.git", "https/git.example/acme/tool.git"),
        ("git@git.example:acme/tool.git", "scp/git.example:acme/tool.git"),
      ] {
        let asked = try await Tool.run(
          ["git", "ls-remote", "--get-url", url], in: folder, environment: environment)
        #expect(asked.text == "http://mirror.example:8040/git/\(place)\n")
      }
      let script =
        "git init -q r && cd r && git remote add o https://git.example/a.git"
        + " && git remote get-url --push o"
      let push = try await Tool.run(["sh", "-c", script], in: folder, environment: environment)
      #expect(push.text == "https://git.example/a.git\n", "\(push.errors)")
    }
  }

  @Test(arguments: [
    (["cargo"], "cargo: no such ecosystem here"),
    (["--mirror", "devpy", "pip"], "no mirror is named 'devpy'"),
    (["web"], "web: its chain names no mirror"),
    (["--gateway", "http://mirror.example:8040", "web"], "web: its tools have no file"),
    (["--gateway", "http://me:secret@mirror.example", "pip"], "--gateway http://***@"),
  ])
  func `says in one line why there is nothing to print`(
    words: [String], message: String
  ) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await config(words, in: folder)
      #expect(outcome.status == 25)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("mirror: \(message)"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(!outcome.errors.contains("secret"))
    }
  }
}
