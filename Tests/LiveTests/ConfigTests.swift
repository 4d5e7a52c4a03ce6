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

    [mirror grouped]
    url = https://code.example/scm
    repositories = {owner}/{name}.git

    [mirror flat]
    url = https://code.example/all
    credential = env:CODE_TOKEN

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

  @Test(.enabled(if: Tool.areInstalled("git"), "needs git"))
  func `writes a file by which git itself finds a mirror by host and path`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await config(["--into", "image", "--mirror", "flat", "git"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      var environment = Tool.environment(home: folder).filter { !$0.key.hasPrefix("GIT_") }
      environment["GIT_CONFIG_SYSTEM"] = "\(folder)/image/etc/gitconfig"
      for url in ["https://git.example/acme/tool.git", "ssh://git@git.example/acme/tool.git"] {
        let asked = try await Tool.run(
          ["git", "ls-remote", "--get-url", url], in: folder, environment: environment)
        #expect(asked.text == "https://code.example/all/git.example/acme/tool.git\n")
      }
      let own = "https://code.example/team/app.git"
      let asked = try await Tool.run(
        ["git", "ls-remote", "--get-url", own], in: folder, environment: environment)
      #expect(asked.text == "\(own)\n", "what leads to the mirror's server leads there")
      let text = try String(contentsOfFile: "\(folder)/image/etc/gitconfig", encoding: .utf8)
      #expect(!text.contains("CODE_TOKEN"))
    }
  }

  @Test(.enabled(if: Tool.areInstalled("wget"), "needs wget"))
  func `writes a file by which wget itself asks the gateway`() async throws {
    try await FaultServer.run { gateway in
      gateway.setDefault(.file(Array("from the gateway".utf8)))
      try await TemporaryFolder.with { folder in
        let outcome = try await config(
          ["--into", "image", "--gateway", gateway.url, "web"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        var environment = Tool.environment(home: folder)
          .filter { !$0.key.lowercased().hasSuffix("_proxy") }
        environment["SYSTEM_WGETRC"] = "\(folder)/image/etc/wgetrc"
        let got = try await Tool.run(
          ["wget", "-q", "-O", "-", "http://files.acme.example/a"], in: folder,
          environment: environment)
        #expect(got.text == "from the gateway", "\(got.errors)")
      }
    }
  }

  @Test(arguments: [
    (["cargo"], "cargo: no such ecosystem here"),
    (["--mirror", "devpy", "pip"], "no mirror is named 'devpy'"),
    (["web"], "web: its chain names no mirror"),
    (["--mirror", "vault", "web"], "web: its tools have no file"),
    (["--mirror", "grouped", "git"], "git: its tools have no file"),
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
