import Foundation
import MirrorTesting
import Testing

/// `mirror explain`: the way that a request would go, without going it.
@Suite struct ExplanationTests {
  /// An explanation as a script reads it.
  private struct Explanation: Decodable {
    struct Step: Decodable, Equatable {
      var source: String
      var place: String?
      var why: String
    }

    var identity: String
    var package: String
    var pin: String
    var verdict: String?
    var steps: [Step]
  }

  private static let bytes = Array("hello\n".utf8)
  private static let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
  private static let configuration = """
    [mirror acme]
    url = https://acme.example/web
    mode = gatekeeper
    owner = yes

    [mirror vault]
    url = https://vault.example/
    layout = sha256

    [chain web]
    sources = store, acme, vault, origin

    [mirror devpi]
    url = https://devpi.example/simple/

    [chain pip]
    sources = store, devpi, origin

    [owned]
    web = files.example/own/*
    """

  private func explain(
    _ name: String, _ options: [String] = [], configuration: String? = nil, lock: String? = nil,
    in folder: String
  ) async throws -> Explanation {
    for (file, text) in [("mirror.conf", configuration), ("mirror.lock", lock)] {
      try text?.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
    }
    let outcome = try await Tool.run(
      [Tool.mirror, "explain", "--json"] + options + [name], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    return try JSONDecoder().decode(Explanation.self, from: Data(outcome.output))
  }

  @Test func `names the store and the origin where nothing is configured`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain("https://files.example/a.tgz", in: folder)
      #expect(explanation.identity == "https://files.example/a.tgz")
      #expect(explanation.package.hasPrefix("pkg:generic/a.tgz?"))
      #expect(explanation.pin == "none")
      #expect(
        explanation.steps == [
          .init(source: "store", why: "does not have it"),
          .init(
            source: "origin", place: "https://files.example/a.tgz", why: "asked next (the origin)"),
        ])
    }
  }

  @Test func `says where each mirror would be asked, and which cannot be`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "https://files.example/a.tgz", configuration: Self.configuration, in: folder)
      #expect(explanation.steps.map(\.source) == ["store", "acme", "vault", "origin"])
      #expect(explanation.steps[1].place == "https://acme.example/web/files.example/a.tgz")
      #expect(explanation.steps[1].why == "asked next (gatekeeper)")
      #expect(explanation.steps[2].place == nil)
      #expect(explanation.steps[2].why.contains("needs a digest"))
      #expect(explanation.steps[3].place == "https://files.example/a.tgz")
    }
  }

  @Test func `says aloud which mirror no chain asks`() async throws {
    try await TemporaryFolder.with { folder in
      try "[mirror acme]\nurl = https://acme.example/web\n"
        .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
      let outcome = try await Tool.run(
        [Tool.mirror, "explain", "https://files.example/a.tgz"], in: folder)
      #expect(outcome.status == 0 && !outcome.text.contains("acme"))
      #expect(outcome.errors.contains("the mirror acme is asked by no chain"), "\(outcome.errors)")
    }
  }

  @Test func `says what the lock pins, and asks by digest`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "https://files.example/a.tgz", configuration: Self.configuration,
        lock: "mirror.lock 1\nweb https://files.example/a.tgz sha256:\(Self.sha256) 6\n", in: folder
      )
      #expect(explanation.pin == "sha256:\(Self.sha256) (mirror.lock)")
      #expect(explanation.steps[2].place == "https://vault.example/sha256/58/\(Self.sha256)")
    }
  }

  @Test func `says what the lock recorded as not there`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "https://files.example/none",
        lock: "mirror.lock 1\nweb https://files.example/none absent\n",
        in: folder)
      #expect(explanation.pin == "recorded as not there (mirror.lock)")
    }
  }

  @Test(arguments: [
    ("--locked", "https://files.example/b.tgz", "not in the lock"),
    ("--locked", "https://files.example/none", "as mirror.lock says"),
    ("--offline", "https://files.example/none", "as mirror.lock says"),
    ("--strict", "https://files.example/b.tgz", "strict"),
  ])
  func `says what lock and policy settle without asking`(
    option: String, name: String, words: String
  ) async throws {
    try await TemporaryFolder.with { folder in
      let lock = "mirror.lock 1\nweb https://files.example/none absent\n"
      let explanation = try await explain(name, [option], lock: lock, in: folder)
      #expect(explanation.verdict?.contains(words) == true, "\(explanation)")
      #expect(explanation.steps.map(\.why) == ["never asked", "never asked"])
      let everyday = try await explain(name, in: folder)
      #expect(everyday.verdict == nil)
      #expect(everyday.steps.last?.why == "asked next (the origin)")
    }
  }

  @Test(.enabled(if: Tool.areInstalled("mkfifo"), "mkfifo is missing: Tests/run"))
  func `ends as every tool does where nobody reads it`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        mkfifo go
        { read -r _ < go; '\(Tool.mirror)' explain https://files.example/a; echo $? > status; } |
        { exec <&-; echo > go; }
        cat status
        """
      let outcome = try await Tool.run(["sh", "-c", script], in: folder)
      #expect(outcome.text == "141\n")
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }

  @Test func `says that strangers are never asked for an owned name`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "https://files.example/own/a.tgz", configuration: Self.configuration, in: folder)
      #expect(explanation.steps[1].why == "asked next (gatekeeper)")
      for index in [2, 3] {
        #expect(explanation.steps[index].why.hasPrefix("never asked"))
        #expect(explanation.steps[index].place == nil)
      }
    }
  }

  @Test func `says that nobody is asked when offline`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "https://files.example/a.tgz", ["--offline"], configuration: Self.configuration, in: folder)
      #expect(explanation.steps.dropFirst().allSatisfy { $0.why == "not asked: offline" })
    }
  }

  @Test func `knows packages, which indexes are asked for by their page`() async throws {
    try await TemporaryFolder.with { folder in
      let explanation = try await explain(
        "pkg:pypi/Six@1.16.0?file_name=six-1.16.0.tar.gz", configuration: Self.configuration,
        in: folder)
      #expect(explanation.identity == "pkg:pypi/six@1.16.0?file_name=six-1.16.0.tar.gz")
      #expect(explanation.steps.map(\.source) == ["store", "devpi", "origin"])
      #expect(explanation.steps[1].place == "https://devpi.example/simple/six/")
      #expect(explanation.steps[2].place == "pip's own index")
    }
  }

  @Test func `finds the bytes in the store, and asks no server`() async throws {
    try await FaultServer.run { server in
      server.script("/a.tgz", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let url = "\(server.url)/a.tgz"
        let fetched = try await Tool.run([Tool.mirror, "fetch", url], in: folder)
        #expect(fetched.status == 0, "\(fetched.errors)")
        let explanation = try await explain(url, in: folder)
        #expect(
          explanation.steps.first
            == .init(source: "store", place: "sha256:\(Self.sha256)", why: "has it"))
        #expect(server.requests.count == 1)
        let runs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/.mirror/runs")
        #expect(runs.count == 2, "explaining is not a run: \(runs)")
      }
    }
  }

  @Test func `is a few lines for people, without logins`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.run(
        [Tool.mirror, "explain", "https://user:s3cret@files.example/a.tgz?token=s3cret"], in: folder
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.text.split(separator: "\n")
      try #require(lines.count == 5)
      #expect(lines[0] == "https://files.example/a.tgz")
      #expect(lines[2] == "  digest   none")
      #expect(lines[3] == "  1  store   does not have it")
      #expect(
        lines[4] == "  2  origin  asked next (the origin): https://files.example/a.tgz")
      #expect(!outcome.text.contains("s3cret"))
    }
  }
}
