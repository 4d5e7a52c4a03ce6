import Foundation
import MirrorTesting
import Testing

/// What policy and configuration make of a run, with two servers: a mirror and an origin.
@Suite(.enabled(if: Tool.areInstalled("curl"), "curl is missing: Tests/run"))
struct RunPolicyTests {
  private static let bytes = Array("hello\n".utf8)

  /// Runs a body with both servers; the origin has `/a`, and so may the mirror.
  private func run(
    mirror answer: FaultAnswer, configuration: (FaultServer) -> String,
    _ body: (_ mirror: FaultServer, _ origin: FaultServer, _ folder: String) async throws -> Void
  ) async throws {
    try await FaultServer.run { mirror in
      try await FaultServer.run { origin in
        origin.script("/a", .file(Self.bytes))
        mirror.script("/web/127.0.0.1:\(origin.port)/a", answer)
        try await TemporaryFolder.with { folder in
          try configuration(mirror)
            .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
          try await body(mirror, origin, folder)
        }
      }
    }
  }

  private static func configuration(_ more: String) -> @Sendable (FaultServer) -> String {
    { mirror in
      """
      # The organisation's own.
      [mirror acme]
      url = \(mirror.url)/web
      \(more)
      [chain web]
      sources = store, acme, origin
      """
    }
  }

  private func curl(
    _ url: String, options: [String] = [], in folder: String
  ) async throws -> Tool.Outcome {
    try await Tool.mirrorRun(options, ["curl", "-fsS", "\(url)/a"], in: folder)
  }

  @Test func `asks the mirrors of the configuration first`() async throws {
    try await run(mirror: .file(Self.bytes), configuration: Self.configuration("")) {
      mirror, origin, folder in
      let outcome = try await curl(origin.url, in: folder)
      #expect(outcome.status == 0 && outcome.text == "hello\n", "\(outcome.errors)")
      #expect(outcome.errors.contains("1 from acme"))
      #expect(mirror.requests.count == 1 && origin.requests.isEmpty)
    }
  }

  @Test(arguments: [([], 0), (["--strict"], 23)] as [([String], Int32)])
  func `keeps the first digest of a file whose index changes its mind`(
    options: [String], status: Int32
  ) async throws {
    let files = ["one\n", "two\n"].map { Array($0.utf8) }
    try await FaultServer.run { server in
      let pages = files.map {
        FaultAnswer.html(
          "<a href=\"/demo-1.0.zip#sha256=\(UploadServer.sha256($0))\">demo-1.0.zip</a>")
      }
      server.script("/simple/demo/", pages[0], pages[1])
      server.script("/demo-1.0.zip", .file(files[0]), .file(files[1]))
      try await TemporaryFolder.with { folder in
        let script = """
          for number in 1 2; do
            link=$(curl -fsS "${PIP_INDEX_URL}demo/" | sed -n 's/.*href="\\.\\.\\/\\.\\.\\/\\([^"#]*\\)[#"].*/\\1/p')
            curl -fsS "${PIP_INDEX_URL%simple/}$link"
          done
          """
        var environment = Tool.environment(home: folder)
        environment["PIP_INDEX_URL"] = "\(server.url)/simple/"
        environment["PIP_CONFIG_FILE"] = "/dev/null"
        let outcome = try await Tool.mirrorRun(
          options + ["--json-report", "report.json"], ["sh", "-c", script], in: folder,
          environment: environment)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.text == "one\ntwo\n", "\(outcome.errors)")
        #expect(outcome.errors.contains("mirror: incident: pkg:pypi/demo@1.0"), "\(outcome.errors)")
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains(UploadServer.sha256(files[0])))
        #expect(!lock.contains(UploadServer.sha256(files[1])))
      }
    }
  }

  @Test func `goes on to the origin when a mirror does not have it, without a word`() async throws {
    try await run(mirror: .status(404), configuration: Self.configuration("")) {
      mirror, origin, folder in
      let outcome = try await curl(origin.url, in: folder)
      #expect(outcome.status == 0 && outcome.text == "hello\n")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("1 from origin"))
      #expect(mirror.requests.count == 1 && origin.requests.count == 1)
    }
  }

  @Test(arguments: ["best-effort", "gatekeeper"])
  func `goes on past a mirror that does not answer, unless it is a gatekeeper`(
    mode: String
  ) async throws {
    let more = "mode = \(mode)\n[policy]\ntime-limit = 5"
    try await run(mirror: .status(500), configuration: Self.configuration(more)) {
      _, origin, folder in
      let outcome = try await curl(origin.url, in: folder)
      let goesOn = mode == "best-effort"
      #expect((outcome.status == 0) == goesOn, "\(outcome.errors)")
      #expect(outcome.text == (goesOn ? "hello\n" : ""))
      #expect(origin.requests.count == (goesOn ? 1 : 0))
      #expect(outcome.errors.contains("acme"), "nobody is told of the outage")
    }
  }

  @Test func `stops at a mirror that wants a login, and says where it looked for one`()
    async throws
  {
    try await run(mirror: .status(401), configuration: Self.configuration("credential = env:NONE"))
    { _, origin, folder in
      let outcome = try await curl(origin.url, in: folder)
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("NONE"), "\(outcome.errors)")
      #expect(origin.requests.isEmpty)
    }
  }

  @Test func `asks nobody but the owner for an owned name`() async throws {
    let more = "owner = yes\n[owned]\nweb = 127.0.0.1/a"
    try await run(mirror: .status(404), configuration: Self.configuration(more)) {
      mirror, origin, folder in
      origin.script("/b", .file(Self.bytes))
      let outcome = try await curl(origin.url, in: folder)
      #expect(outcome.status == 22, "\(outcome.errors)")
      #expect(mirror.requests.count == 1)
      #expect(origin.requests.isEmpty, "a stranger was asked for an owned name")
      let other = try await Tool.mirrorRun([], ["curl", "-fsS", "\(origin.url)/b"], in: folder)
      #expect(other.status == 0 && origin.requests.count == 1, "\(other.errors)")
    }
  }

  @Test(arguments: [["--strict"], []])
  func `refuses what nothing pins in a strict run`(options: [String]) async throws {
    let more = options.isEmpty ? "[policy]\nstrict = yes" : ""
    try await run(mirror: .file(Self.bytes), configuration: Self.configuration(more)) {
      mirror, origin, folder in
      let outcome = try await curl(origin.url, options: options, in: folder)
      #expect(outcome.status == 22, "\(outcome.errors)")
      #expect(outcome.errors.contains("the run is strict"))
      #expect(outcome.errors.contains("1 thing could not be served:"))
      #expect(mirror.requests.isEmpty && origin.requests.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/mirror.lock"))

      // A build that takes no notice does not make it a success.
      let careless = try await Tool.mirrorRun(
        options, ["sh", "-c", "curl -fsS \(origin.url)/a || true"], in: folder)
      #expect(careless.status == 20, "\(careless.errors)")
    }
  }

  @Test func `holds a strict run to the digests of the lock`() async throws {
    try await run(mirror: .status(404), configuration: Self.configuration("")) {
      _, origin, folder in
      #expect(try await curl(origin.url, in: folder).status == 0)
      let outcome = try await curl(
        origin.url, options: ["--strict", "--store", "other"], in: folder)
      #expect(outcome.status == 0 && outcome.text == "hello\n", "\(outcome.errors)")
    }
  }

  @Test func `ends with 26 when an offline build lacks something, whatever the build says`()
    async throws
  {
    try await run(mirror: .status(404), configuration: Self.configuration("")) {
      mirror, origin, folder in
      let outcome = try await Tool.mirrorRun(
        ["--offline"], ["sh", "-c", "curl -fsS \(origin.url)/a || true"], in: folder)
      #expect(outcome.status == 26, "\(outcome.errors)")
      #expect(outcome.errors.contains("offline, and not in the store"))
      #expect(mirror.requests.isEmpty && origin.requests.isEmpty)
    }
  }
}
