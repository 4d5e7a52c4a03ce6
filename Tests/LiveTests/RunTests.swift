import Foundation
import MirrorTesting
import Testing

/// `mirror run` as its command and the shell around it see it.
@Suite struct RunTests {
  private static let bytes = Array("hello\n".utf8)

  private func run(
    _ options: [String] = [], _ script: String, in folder: String
  ) async throws -> Tool.Outcome {
    try await Tool.mirrorRun(options, ["sh", "-c", script], in: folder)
  }

  /// A shell line in which `mirror` is the program under test.
  private func shell(_ line: String, in folder: String) async throws -> Tool.Outcome {
    try await Tool.run(["sh", "-c", "mirror() { '\(Tool.mirror)' \"$@\"; }; \(line)"], in: folder)
  }

  // MARK: The command stands alone

  @Test(
    arguments: [
      ("exit 0", 0), ("exit 1", 1), ("exit 42", 42), ("exit 255", 255), ("kill -9 $$", 137),
      ("kill -TERM $$", 143), ("kill -INT $$", 130),
    ] as [(String, Int32)])
  func `passes the exit code of its command through`(script: String, status: Int32) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await run([], script, in: folder)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: ["TERM", "HUP", "USR1", "USR2", "INT"])
  func `hands signals on, and records the run all the same`(signal: String) async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        trap 'echo caught; exit 7' \(signal)
        kill -\(signal) $PPID
        while :; do :; done
        """
      let outcome = try await run(["--json-report", "report.json"], script, in: folder)
      #expect(outcome.status == 7, "\(outcome.errors)")
      #expect(outcome.text == "caught\n")
      let report = try String(contentsOfFile: "\(folder)/report.json", encoding: .utf8)
      #expect(report.contains("\"exit\" : 7"))
    }
  }

  @Test func `gives its command standard input, and its own output to nobody`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await shell("printf 'a\\nb' | mirror run -- cat", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.text == "a\nb")
    }
  }

  @Test func `keeps the two outputs apart`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await run([], "echo out; echo err >&2", in: folder)
      #expect(outcome.text == "out\n")
      #expect(outcome.errors.contains("err\n"))
    }
  }

  @Test func `puts wrappers first on PATH while the command runs`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await run([], "command -v wget; command -v curl", in: folder)
      let places = outcome.text.split(separator: "\n")
      try #require(places.count == 2)
      #expect(places[0].contains("/.mirror/runs/") && places[0].hasSuffix("/bin/wget"))
      #expect(places[1].hasSuffix("/bin/curl"))
      for place in places {
        #expect(!FileManager.default.fileExists(atPath: String(place)), "it is left behind")
      }
    }
  }

  @Test func `points the tools at a gateway with a token, and leaves the rest as it was`()
    async throws
  {
    try await TemporaryFolder.with { folder in
      var environment = Tool.environment(home: folder)
      environment["OWN"] = "kept as it is"
      environment["ALL_PROXY"] = "http://proxy.example:3128"
      let outcome = try await Tool.run(
        [Tool.mirror, "run", "--", "env"], in: folder, environment: environment)
      let lines = outcome.text.split(separator: "\n")
      #expect(lines.contains("OWN=kept as it is"))
      #expect(!lines.contains { $0.hasPrefix("ALL_PROXY=") })
      let token = /http:\/\/mirror:[0-9a-z]{20,}@127\.0\.0\.1:[0-9]+\//
      for name in [
        "http_proxy", "https_proxy", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "MIRROR_GATEWAY",
      ] {
        let line = lines.first { $0.hasPrefix("\(name)=") }
        #expect(line?.firstMatch(of: token) != nil, "\(name) is \(line ?? "not set")")
      }
      #expect(!outcome.errors.contains("mirror:mirror:"))
    }
  }

  // MARK: Words about itself

  @Test func `says its version and the ecosystems it was built with`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.run([Tool.mirror, "--version"], in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.text.wholeMatch(of: /mirror \d+\.\d+\.\d+ \(([a-z]+, )*web\)\n/) != nil)
    }
  }

  @Test(arguments: [
    ([], "mirror run -- make"), (["run"], "mirror run --offline -- pip download"),
    (["fetch"], "mirror fetch https://"), (["explain"], "mirror explain https://"),
    (["check"], "mirror check"), (["repin"], "mirror repin --reason"),
    (["serve"], "mirror serve --listen"), (["env"], "eval \"$(mirror env)\""),
  ])
  func `shows an example in every help`(command: [String], example: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.run([Tool.mirror] + command + ["--help"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.text.contains(example), "\(outcome.text)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.isEmpty, "help leaves something behind")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `writes completions for shells`(name: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Tool.run(
        [Tool.mirror, "--generate-completion-script", name], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for command in ["run", "fetch", "explain", "check", "repin", "serve", "env"] {
        #expect(outcome.text.contains(command))
      }
      guard Tool.areInstalled(name) else { return }
      try Data(outcome.output).write(to: URL(filePath: "\(folder)/script"))
      let parsed = try await Tool.run([name, "-n", "script"], in: folder)
      #expect(parsed.status == 0, "\(parsed.errors)")
    }
  }

  // MARK: The record

  @Test(.enabled(if: Tool.areInstalled("curl"), "curl is missing: Tests/run"))
  func `sums the run up for people and for scripts`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = "curl -fsS \(server.url)/a && curl -fsS \(server.url)/a -o again"
        let outcome = try await run(["--json-report", "report.json"], script, in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.text == "hello\n")
        #expect(
          outcome.errors == "mirror: 1 artifact, 6 B: 1 from origin; recorded in mirror.lock\n")
        let data = try Data(contentsOf: URL(filePath: "\(folder)/report.json"))
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(report["artifacts"] as? Int == 1 && report["bytes"] as? Int == 6)
        #expect(report["missed"] as? [String] == [] && report["incidents"] as? [String] == [])
        #expect((report["opaque"] as? [String: Int])?.isEmpty == true)
        #expect((report["served"] as? [String: Any])?["origin"] as? Int == 1)

        let second = try await run(["--offline"], "curl -fsS \(server.url)/a", in: folder)
        #expect(second.text == "hello\n")
        #expect(second.errors == "mirror: 1 artifact, 6 B: 1 from the store\n")
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test func `writes its report into a device or a pipe that is there`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await run(["--json-report", "/dev/stdout"], "echo out", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try #require(outcome.text.hasPrefix("out\n") ? outcome.text.dropFirst(4) : nil)
      let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      #expect(report?["exit"] as? Int == 0)
    }
  }

  @Test func `says before the command runs that its report cannot be written`() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await run(["--json-report", "none/report.json"], "echo ran", in: folder)
      #expect(outcome.status == 25)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("none: cannot write the report there"))
    }
  }

  @Test(arguments: [(3, 3), (0, 25)] as [(Int, Int32)])
  func `loses no exit code to a report that cannot be written`(
    code: Int, status: Int32
  ) async throws {
    try await TemporaryFolder.with { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/gone", withIntermediateDirectories: false)
      let outcome = try await run(
        ["--json-report", "gone/report.json"], "rmdir gone; exit \(code)", in: folder)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains("gone/report.json"))
    }
  }

  @Test(.enabled(if: Tool.areInstalled("curl"), "curl is missing: Tests/run"))
  func `lists connections that it could not read, and refuses them where told to`() async throws {
    try await FaultServer.run(tls: .trusted) { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script =
          "curl -sSk --noproxy '' -x \"$https_proxy\" \(server.url)/a -o got; echo $?"
        let passed = try await run(["--json-report", "report.json"], script, in: folder)
        #expect(passed.text == "0\n", "\(passed.errors)")
        #expect(
          passed.errors.contains(
            "mirror: 1 connection to 1 host not mirrored: localhost:\(server.port) ×1\n"))
        let report = try String(contentsOfFile: "\(folder)/report.json", encoding: .utf8)
        #expect(report.contains("\"localhost:\(server.port)\" : 1"))

        try "[policy]\nopaque = refuse\n"
          .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        let refused = try await run([], script, in: folder)
        #expect(refused.text == "56\n", "\(refused.errors)")
        #expect(server.requests.count == 1)
      }
    }
  }
}
