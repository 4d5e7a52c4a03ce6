import Foundation
import MirrorTesting
import Testing

/// `mirror pull`: a store filled from a lock.
@Suite(.serialized) struct PullTests {
  private static let big = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  /// A lock of these files at a server, by path.
  private func lock(_ files: [String: [UInt8]], at server: FaultServer, in folder: String) throws {
    let lines = files.map { path, bytes in
      "web \(server.url)\(path) sha256:\(UploadServer.sha256(bytes)) \(bytes.count)"
    }
    try (["mirror.lock 1"] + lines.sorted()).map { "\($0)\n" }.joined()
      .write(toFile: "\(folder)/mirror.lock", atomically: true, encoding: .utf8)
  }

  private func pull(_ words: String..., in folder: String) async throws -> Tool.Outcome {
    try await Tool.run([Tool.mirror, "pull"] + words, in: folder)
  }

  @Test func `brings everything in, eight things at a time, and then asks nobody`() async throws {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let gate = Gate()
        let files = Dictionary(
          uniqueKeysWithValues: (0..<20).map { ("/file\($0)", Array("\($0)\n".utf8)) })
        for (path, bytes) in files { server.script(path, .gated(gate, .file(bytes))) }
        try lock(files, at: server, in: folder)
        async let first = pull("--json", in: folder)
        await gate.waitForRequests(8)
        gate.open()
        let outcome = try await first
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(
          try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        #expect(report["artifacts"] as? Int == 20 && report["exit"] as? Int == 0)
        #expect(server.requests.count == 20)

        let second = try await pull(in: folder)
        #expect(second.status == 0 && second.errors.contains("20 from the store"))
        #expect(server.requests.count == 20, "what is there was asked for again")
        let check = try await Tool.run([Tool.mirror, "check"], in: folder)
        #expect(check.status == 0, "\(check.errors)")
      }
    }
  }

  @Test func `what a killed pull began is continued by the next`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      server.script(
        "/big", .stalls(Self.big, after: 1_500_000, until: gate, etag: "v1"),
        .file(Self.big, etag: "v1"))
      try await TemporaryFolder.with { folder in
        try lock(["/big": Self.big], at: server, in: folder)
        let script = "echo $$ > pid; exec '\(Tool.mirror)' pull"
        async let killed = Tool.run(["sh", "-c", script], in: folder)
        await server.waitForRequests(1, to: "/big")
        try await Self.untilAFileHas(1_500_000, below: "\(folder)/.mirror/partial")
        _ = try await Tool.run(["sh", "-c", "kill -9 $(cat pid)"], in: folder)
        #expect(try await killed.status == 128 + 9)

        let outcome = try await pull(in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let last = try #require(server.requests(to: "/big").last)
        #expect(last.headers["Range"] == "bytes=1500000-")
        let check = try await Tool.run([Tool.mirror, "check"], in: folder)
        #expect(check.status == 0, "\(check.errors)")
      }
    }
  }

  @Test func `names everything that cannot be had at once, and ends as the first of it`()
    async throws
  {
    try await FaultServer.run { server in
      try await TemporaryFolder.with { folder in
        let files = Dictionary(
          uniqueKeysWithValues: ["a", "b", "c", "d"].map { ("/\($0)", Array("\($0)\n".utf8)) })
        server.script("/a", .file(Array("a\n".utf8)))
        server.script("/c", .status(403))
        server.script("/d", .file(Array("x\n".utf8)))
        try lock(files, at: server, in: folder)
        let outcome = try await pull(in: folder)
        #expect(outcome.status == 10, "the first that is missing is a miss: \(outcome.errors)")
        let summary = outcome.errors.components(separatedBy: "3 things could not be served:\n")
        try #require(summary.count == 2, "\(outcome.errors)")
        let lines = summary[1].split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[0].contains("/b: nobody has it"))
        #expect(lines[1].contains("/c") && lines[1].contains("403"))
        #expect(lines[2].contains("/d") && lines[2].contains("expected sha256:"))
        let check = try await Tool.run([Tool.mirror, "check"], in: folder)
        #expect(check.status == 26 && check.errors.contains("3 of 4 are missing"))
      }
    }
  }

  @Test(
    .enabled(
      if: Tool.areInstalled(
        "pip", "apt-get", "dpkg-deb", "gpg", "go", "git", "wget", "unshare", "ip"),
      "pip, apt-get, gpg, go, git, wget, unshare or ip is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a network namespace needs root"), arguments: GoodsKind.all)
  func `what a build recorded comes into an empty store, from which it repeats offline`(
    kind: GoodsKind
  ) async throws {
    try await kind.run { goods in
      let build = try await RecordedBuild(of: goods)
      let pulled = try await build.mirror("pull", "--store", "fresh")
      #expect(pulled.status == 0, "\(pulled.errors)")
      let checked = try await build.mirror("check", "--store", "fresh")
      #expect(checked.status == 0, "\(checked.errors)")
      try await build.expectBuilt(["--offline", "--store", "fresh"], isolated: true)
    }
  }

  @Test(arguments: [
    ("mirror.lock 1\n", "there is no lock"),
    ("mirror.lock 1\ncargo x sha256:HEX 1\n", "was built without cargo"),
    ("mirror.lock 1\ngo nonsense sha256:HEX 1\n", "nonsense is no name of go's"),
  ])
  func `says in one line what is wrong with the lock`(text: String, message: String) async throws {
    try await TemporaryFolder.with { folder in
      try text.replacing("HEX", with: String(repeating: "0", count: 64))
        .write(toFile: "\(folder)/mirror.lock", atomically: true, encoding: .utf8)
      let outcome = try await pull(in: folder)
      #expect(outcome.status == 25)
      #expect(outcome.errors.contains(message) && outcome.errors.split(separator: "\n").count == 1)
    }
  }

  /// Waits until a file in a folder has grown to a length; another process writes it.
  private static func untilAFileHas(_ count: Int, below folder: String) async throws {
    while true {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let sizes = names.filter { !$0.hasSuffix(".head") }.map { name in
        try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
      }
      if sizes.contains(where: { ($0 ?? 0) >= count }) { return }
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
