import Foundation
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Synchronization
import Testing

/// The contract of Documentation/ExecMirror.md, with the programs of Examples/ExecMirror.
@Suite(.timeLimit(.minutes(1))) struct ProgramMirrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Examples/ExecMirror").standardized.path

  private func request(_ path: String, digests: [Digest] = []) throws -> Request {
    let url = try #require(Locator("https://user:s3cret@files.example/\(path)"))
    return Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: url.identity,
      package: PackageURL(type: "generic", name: "tool"), origin: url, digests: digests)
  }

  private func mirror(
    _ words: [String], limit: Duration = .seconds(30),
    programs: any ProgramRunner = SubprocessRunner()
  ) -> ProgramMirror {
    ProgramMirror(
      "acme", words,
      in: Surroundings(
        environment: ProcessInfo.processInfo.environment, scratch: "\(folder.path)/scratch",
        programs: programs, timeLimit: limit))
  }

  @Test func `an example in Python passes the chain's table`() async throws {
    try folder.write("root/files.example/dir/a.bin", "0123456789")
    let mirror = mirror(["python3", "\(Self.examples)/tree-mirror.py", "\(folder.path)/root"])
    let table = ChainConformance(
      held: try request("dir/a.bin"), bytes: "0123456789".utf8, lacking: try request("dir/b.bin"))
    #expect(await table.violations(of: mirror) == [])
    #expect(folder.names(in: "scratch").isEmpty, "files were left behind")
  }

  @Test func `an example in shell gives what is pinned, and its bytes are not believed`()
    async throws
  {
    let digest = ContentHash.sha256(of: Array("right".utf8))
    let file = "root/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
    try folder.write(file, "right")
    let mirror = mirror([
      "\(Self.examples)/digest-mirror.sh", "\(folder.path)/root",
    ])
    func resolve(_ digests: [Digest]) async throws -> Resolution {
      let chain = FallbackChain([.mirror(mirror)], store: try Store(at: "\(folder.path)/store"))
      return await chain.resolve(try request("a.bin", digests: digests))
    }
    guard case .satisfied(let delivery, _) = try await resolve([digest]) else {
      Issue.record("not delivered")
      return
    }
    #expect(delivery.digest == digest && delivery.source == "acme")
    #expect(try await resolve([]).attempts.map(\.outcome) == [.miss])
    try folder.write(file, "wrong")
    guard case .failed(let error, _) = try await resolve([digest]) else {
      Issue.record("wrong bytes were delivered")
      return
    }
    #expect(error.code == .corrupt)
    try FileManager.default.removeItem(atPath: "\(folder.path)/root")
    #expect(try await resolve([digest]).attempts.first?.outcome == .unavailable)
  }

  @Test func `is given the request and a file, and no secret`() async throws {
    let seen = Mutex<Program?>(nil)
    let mirror = mirror(
      ["acme-mirror", "-v"],
      programs: FakePrograms { program in
        seen.withLock { $0 = program }
        return .failing(10)
      })
    var asked = try request(
      "tool.tgz?sig=1",
      digests: [try #require(Digest(.md5, hex: "d41d8cd98f00b204e9800998ecf8427e"))])
    asked.size = 5
    guard case .nothing = try await mirror.fetch(asked, to: MemorySink()) else {
      Issue.record("10 is a miss")
      return
    }
    let program = try #require(seen.withLock { $0 })
    #expect(program.words.dropLast() == ["acme-mirror", "-v"])
    #expect(program.words.last?.hasPrefix("\(folder.path)/scratch/") == true)
    #expect(
      String(decoding: program.input, as: UTF8.self) == """
        {"version":1,"mirror":"acme","ecosystem":"web","identity":"\(asked.identity)",\
        "package":"pkg:generic/tool","url":"\(asked.origin.identity)","file":"tool.tgz","size":5,\
        "changes":false,"reload":false,"digests":{"md5":"d41d8cd98f00b204e9800998ecf8427e"}}

        """)
    #expect(!String(decoding: program.input, as: UTF8.self).contains("s3cret"))
  }

  @Test(
    arguments: [
      (21, MirrorError.Code.unavailable), (22, .denied), (23, .corrupt), (24, .insecure),
      (25, .misconfigured), (1, .unavailable), (137, .unavailable),
    ] as [(Int32, MirrorError.Code)])
  func `answers by its exit code, and says why on standard error`(
    status: Int32, code: MirrorError.Code
  ) async throws {
    let mirror = mirror(
      ["acme-mirror"],
      programs: FakePrograms { _ in
        .failing(status, errors: "first\ncannot read https://u:s3cret@host.example/x\n\n")
      })
    let error = await #expect(throws: MirrorError.self) {
      _ = try await mirror.fetch(try request("a"), to: MemorySink())
    }
    #expect(error?.code == code)
    #expect(error?.message.contains("acme: cannot read https://***@host.example/x") == true)
    #expect(error?.message.contains("exit code \(status)") == true)
  }

  @Test func `is wrong when it succeeds and leaves no file`() async throws {
    let error = await #expect(throws: MirrorError.self) {
      _ = try await mirror(["true"]).fetch(try request("a"), to: MemorySink())
    }
    #expect(error?.code == .misconfigured)
  }

  @Test func `is ended with all that it started when nothing comes`() async throws {
    // As long as the second one lives, it holds the program's standard output open.
    let script = try folder.write("slow", "sleep 1000 & sleep 1000\n")
    let error = await #expect(throws: MirrorError.self) {
      _ = try await mirror(["sh", script], limit: .milliseconds(200))
        .fetch(try request("a"), to: MemorySink())
    }
    #expect(error?.code == .unavailable)
    #expect(folder.names(in: "scratch").isEmpty)
  }

  @Test func `is ended when the request is cancelled`() async throws {
    let gate = Gate()
    let mirror = mirror(
      ["acme-mirror"],
      programs: FakePrograms { _ in
        await gate.pass()
        return Task.isCancelled ? .failing(143) : .failing(10)
      })
    let asked = try request("a")
    let fetch = Task { try await mirror.fetch(asked, to: MemorySink()) }
    await gate.waitForRequests(1)
    fetch.cancel()
    await #expect(throws: MirrorError.self) { try await fetch.value }
    #expect(folder.names(in: "scratch").isEmpty)
  }
}
