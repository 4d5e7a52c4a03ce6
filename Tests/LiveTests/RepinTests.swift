import Foundation
import MirrorTesting
import Testing

/// `mirror repin`: the one way in which a digest of the lock changes.
@Suite(.enabled(if: Tool.areInstalled("curl"), "curl is missing: Tests/run"))
struct RepinTests {
  private static let old = Array("version one\n".utf8)
  private static let new = Array("version two, and longer\n".utf8)

  /// Runs a body where the lock has the old bytes and the server gives another answer.
  private func run(
    _ answer: FaultAnswer,
    body: (FaultServer, _ folder: String, _ lock: String) async throws -> Void
  ) async throws {
    try await FaultServer.run { server in
      server.script("/tool.tgz", .file(Self.old))
      try await TemporaryFolder.with { folder in
        let first = try await curl(server, in: folder)
        #expect(first.status == 0, "\(first.errors)")
        server.script("/tool.tgz", answer)
        try await body(server, folder, try lock(in: folder))
      }
    }
  }

  private func curl(
    _ server: FaultServer, _ options: String..., in folder: String
  ) async throws -> Tool.Outcome {
    try await Tool.mirrorRun(options, ["curl", "-fsS", "\(server.url)/tool.tgz"], in: folder)
  }

  private func repin(
    _ name: String, _ options: [String] = ["--reason", "upstream re-rolled 1.2"], in folder: String
  ) async throws -> Tool.Outcome {
    try await Tool.run([Tool.mirror, "repin"] + options + [name], in: folder)
  }

  private func lock(in folder: String) throws -> String {
    try String(contentsOfFile: "\(folder)/mirror.lock", encoding: .utf8)
  }

  @Test func `lets the name stand for the new bytes, and says why in the ledger`() async throws {
    try await run(.file(Self.new)) { server, folder, before in
      let url = "\(server.url)/tool.tgz"
      let refused = try await curl(server, "--store", "other", in: folder)
      #expect(refused.status != 0 && refused.output.isEmpty)
      #expect(try lock(in: folder) == before, "a run changed a digest")

      let outcome = try await repin(url, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      let after = try lock(in: folder)
      let digests = try [before, after].map {
        try #require($0.firstMatch(of: /sha256:[0-9a-f]{64}/)).0
      }
      #expect(digests[0] != digests[1])
      #expect(after.contains("web \(url) \(digests[1]) \(Self.new.count)"))
      #expect(outcome.errors == "mirror: \(url): \(digests[0]) → \(digests[1])\n")
      let ledger = try String(
        contentsOfFile: "\(folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
      #expect(ledger.contains("\"repin\":\"upstream re-rolled 1.2\""))
      #expect(ledger.contains(digests[0]) && ledger.contains(digests[1]))

      for options in ["--locked", "--offline"] {
        let held = try await curl(server, options, in: folder)
        #expect(held.status == 0 && held.output == Self.new, "\(held.errors)")
      }
    }
  }

  @Test func `works in a strict run too, which asks for a pin of everything else`() async throws {
    try await run(.file(Self.new)) { server, folder, before in
      let outcome = try await repin(
        "\(server.url)/tool.tgz", ["--strict", "--reason", "meant"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try lock(in: folder) != before)
    }
  }

  @Test func `goes by no silent mirror in a strict run`() async throws {
    try await run(.file(Self.new)) { server, folder, before in
      try "[mirror acme]\nurl = \(FaultServer.refusedURL())\n[chain web]\nsources = acme, origin\n"
        .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
      let outcome = try await repin(
        "\(server.url)/tool.tgz", ["--strict", "--reason", "meant"], in: folder)
      #expect(outcome.status == 21, "\(outcome.errors)")
      #expect(try lock(in: folder) == before)
    }
  }

  @Test func `keeps the other lines of the lock`() async throws {
    try await run(.file(Self.new)) { server, folder, _ in
      server.script("/other", .file(Self.old))
      _ = try await Tool.mirrorRun([], ["curl", "-fsS", "\(server.url)/other"], in: folder)
      let other = try lock(in: folder).split(separator: "\n").filter { $0.contains("/other ") }
      try #require(other.count == 1)
      #expect(try await repin("\(server.url)/tool.tgz", in: folder).status == 0)
      #expect(try lock(in: folder).contains(other[0]))
    }
  }

  @Test(
    arguments: [
      (404, 10), (403, 22), (401, 22),
    ] as [(Int, Int32)])
  func `leaves the lock alone when the thing cannot be had`(
    status: Int, code: Int32
  ) async throws {
    try await run(.status(status)) { server, folder, before in
      let outcome = try await repin("\(server.url)/tool.tgz", in: folder)
      #expect(outcome.status == code, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(server.url)/tool.tgz"))
      #expect(try lock(in: folder) == before)
    }
  }

  @Test func `changes nothing when the bytes are the same`() async throws {
    try await run(.file(Self.old)) { server, folder, before in
      let outcome = try await repin("\(server.url)/tool.tgz", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try lock(in: folder) == before)
    }
  }

  @Test func `knows only names of the lock`() async throws {
    try await run(.file(Self.new)) { server, folder, before in
      let outcome = try await repin("\(server.url)/other", in: folder)
      #expect(outcome.status == 25)
      #expect(outcome.errors.contains("not in mirror.lock"))
      #expect(try lock(in: folder) == before)
      #expect(server.requests(to: "/other").isEmpty)
    }
  }

  @Test func `wants a reason`() async throws {
    try await run(.file(Self.new)) { server, folder, before in
      let outcome = try await repin("\(server.url)/tool.tgz", [], in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("--reason"))
      #expect(try lock(in: folder) == before)
    }
  }
}
