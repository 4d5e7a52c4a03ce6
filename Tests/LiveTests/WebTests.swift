import Foundation
import MirrorTesting
import Testing

/// Real wget and curl, with and without the wrapper, against one server.
@Suite(
  .serialized, .enabled(if: Tool.areInstalled("wget", "curl"), "wget or curl is missing: Tests/run")
)
struct WebTests {
  private static let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  @Test(arguments: [
    "wget -q -O - URL/a.bin | sha256sum",
    "wget -q URL/a.bin URL/b.bin",
    "wget -q -N URL/a.bin && wget -q -N URL/a.bin && ls",
    "head -c 1000 seed > a.bin; wget -q -c URL/a.bin",
    "wget -q 'URL/b.bin?x=1'",
    "wget -q URL/none; echo $?",
    "wget -q URL/a.bin URL/none URL/b.bin; echo $?",
    "wget -q -P folder URL/a.bin; ls folder",
    "wget -q -nc URL/a.bin; wget -nc -q URL/a.bin; echo $?",
    "printf 'URL/a.bin\\nURL/b.bin\\n' > list; wget -q -i list",
    "wget -q --content-disposition URL/named",
    "wget -q URL/moved; ls",
    "curl -fsSL -o f URL/a.bin",
    "curl -fsSL URL/a.bin | sha256sum",
    "mkdir d; curl -fsS -O --output-dir d URL/a.bin; ls d",
    "curl --proto '=http,https' -sSf URL/a.bin | sha256sum",
    "curl -sS URL/none; echo $?",
    "curl -fsS URL/none; echo $?",
    "curl -sS URL/moved; echo $?",
    "curl -sSL URL/moved | sha256sum",
    "curl -sS -OJ URL/named; ls",
    "curl -sS -r 10-19 URL/a.bin",
    "head -c 1000 seed > f; curl -sS -C - -o f URL/a.bin",
    "curl -fsS -o x -o y URL/a.bin URL/b.bin",
    "curl -fsS 'URL/{a,b}.bin' -o 'got_#1'",
    "curl -sS -R -o f URL/a.bin; stat -c %Y f",
  ])
  func `gives the same names, bytes, exit code and output`(command: String) async throws {
    try await FaultServer.run { server in
      script(server)
      try await TemporaryFolder.with { folder in
        let command = command.replacing("URL", with: server.url)
        let bare = try await run([], command, in: "\(folder)/bare")
        let hooked = try await run(
          [Tool.mirror, "run", "--store", "\(folder)/store", "--lock", "\(folder)/lock", "--"],
          command, in: "\(folder)/hooked")
        #expect(hooked.outcome.status == bare.outcome.status, "\(hooked.outcome.errors)")
        #expect(hooked.outcome.output == bare.outcome.output, "\(hooked.outcome.errors)")
        #expect(hooked.files == bare.files)
        let lock = (try? String(contentsOfFile: "\(folder)/lock", encoding: .utf8)) ?? ""
        #expect(
          lock.contains("web \(server.url)"), "nothing was recorded: \(hooked.outcome.errors)")
      }
    }
  }

  private func script(_ server: FaultServer) {
    let file = FaultAnswer.file(Self.bytes, etag: "v1", lastModified: Self.date)
    for path in ["/a.bin", "/b.bin", "/b.bin?x=1"] { server.script(path, file) }
    server.script(
      "/named",
      .file(Self.bytes, contentDisposition: "attachment; filename=\"given.bin\""))
    server.script("/moved", .redirect(to: "\(server.url)/a.bin"))
    server.script(
      "/none",
      .status(404, headers: ["Content-Type": "text/plain"], body: Array("no such thing\n".utf8)))
  }

  private func run(
    _ prefix: [String], _ command: String, in folder: String
  ) async throws -> (outcome: Tool.Outcome, files: FolderContents) {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(Self.bytes).write(to: URL(filePath: "\(folder)/seed"))
    let outcome = try await Tool.run(prefix + ["sh", "-c", command], in: folder)
    return (outcome, try FolderContents(folder))
  }

  @Test(arguments: [
    "curl --proto '=https' -sSf URL/a.bin", "curl --proto '=https' --tlsv1.2 -fsSL -o - URL/moved",
  ])
  func `gives the same over https, and records the https URL`(command: String) async throws {
    try await FaultServer.run(tls: .trusted) { server in
      script(server)
      try await TemporaryFolder.with { folder in
        let authority = "\(folder)/ca.pem"
        try Data(FaultServer.certificateAuthorityPEM.utf8).write(to: URL(filePath: authority))
        try "[policy]\nca-file = \(authority)\n"
          .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        var environment = Tool.environment(home: folder)
        environment["CURL_CA_BUNDLE"] = authority
        let shell = ["sh", "-c", command.replacing("URL", with: server.url)]
        let bare = try await Tool.run(shell, in: folder, environment: environment)
        #expect(bare.status == 0 && bare.output == Self.bytes, "\(bare.errors)")
        let hooked = try await Tool.run(
          [Tool.mirror, "run", "--"] + shell, in: folder, environment: environment)
        #expect(hooked.status == 0 && hooked.output == bare.output, "\(hooked.errors)")
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.contains("web \(server.url)/"))
        #expect(!hooked.errors.contains("not mirrored"), "it passed as a tunnel: \(hooked.errors)")
      }
    }
  }

  @Test func `120 parallel wgets leave 120 records`() async throws {
    try await FaultServer.run { server in
      for number in 0..<120 { server.script("/file\(number)", .file(Array("\(number)\n".utf8))) }
      try await TemporaryFolder.with { folder in
        let command = "seq 0 119 | xargs -P 120 -I N wget -q \(server.url)/fileN"
        let outcome = try await Tool.mirrorRun([], ["sh", "-c", command], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let ledger = try String(
          contentsOfFile: "\(folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
        let records = ledger.split(separator: "\n").filter { $0.contains("\"outcome\":\"served\"") }
        #expect(Set(records).count == 120)
        let lock = try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
        #expect(lock.split(separator: "\n").count == 121)
      }
    }
  }

  @Test func `20 processes that want one cold thing cause one transfer`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      server.script("/cold", .gated(gate, .file(Self.bytes)))
      try await TemporaryFolder.with { folder in
        try await withThrowingTaskGroup(of: Tool.Outcome.self) { group in
          for number in 0..<20 {
            group.addTask {
              try await Tool.run(
                [Tool.mirror, "fetch", "-o", "copy\(number)", "\(server.url)/cold"], in: folder)
            }
          }
          await gate.waitForRequests(1)
          gate.open()
          for try await outcome in group { #expect(outcome.status == 0, "\(outcome.errors)") }
        }
        #expect(server.requests(to: "/cold").count == 1)
        for number in 0..<20 {
          #expect(
            try Data(contentsOf: URL(filePath: "\(folder)/copy\(number)")) == Data(Self.bytes))
        }
      }
    }
  }

  @Test func `a killed run leaves a sound store, and the next one continues`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      // Large enough to be worth continuing.
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      server.script(
        "/big", .stalls(bytes, after: 1_500_000, until: gate, etag: "v1"), .file(bytes, etag: "v1"))
      try await TemporaryFolder.with { folder in
        let command = "echo $PPID > pid; exec wget -q -O out \(server.url)/big"
        async let killed = Tool.mirrorRun([], ["sh", "-c", command], in: folder)
        await server.waitForRequests(1, to: "/big")
        try await Self.untilFileHas(1_500_000, "\(folder)/.mirror/partial")
        let pid = try String(contentsOfFile: "\(folder)/pid", encoding: .utf8)
        _ = try await Tool.run(["sh", "-c", "kill -9 \(pid)"], in: folder)
        #expect(try await killed.status == 128 + 9)

        let outcome = try await Tool.mirrorRun(
          [], ["wget", "-q", "-O", "good", "\(server.url)/big"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/good")) == Data(bytes))
        let last = try #require(server.requests(to: "/big").last)
        #expect(last.headers["Range"] == "bytes=1500000-" && last.headers["If-Range"] == "\"v1\"")
        let check = try await Tool.run([Tool.mirror, "check"], in: folder)
        #expect(check.status == 0, "\(check.errors)")
      }
    }
  }

  /// Waits until the one partial file in a folder has grown to a length.
  ///
  /// Another process writes it, so the file system is all there is to look at; it is looked at without a
  /// pause, by turns with everything else.
  private static func untilFileHas(_ count: Int, _ folder: String) async throws {
    while true {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where !name.hasSuffix(".head") {
        let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size]
        if (size as? Int ?? 0) >= count { return }
      }
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
