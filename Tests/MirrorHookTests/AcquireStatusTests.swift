import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// What the built method tells apt while things are on their way, and how many are at once.
@Suite(
  .timeLimit(.minutes(1)), .enabled(if: HookRun.isBuilt, "mirror-hook is missing"))
struct AcquireStatusTests {
  private static let uri = "http://archive.example/debian/pool/main/h/hello"

  @Test(arguments: [
    ("Debug::Acquire::http=true", true), ("Debug::Acquire::http=1", true),
    ("Debug::Acquire::http=false", false),
  ])
  func `what is asked is logged where apt's own method would be debugged`(
    item: String, isLogged: Bool
  ) async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let message = try AcquireTalk.acquire("\(Self.uri)/a", in: "\(folder.path)/a")
      try server.script(message, .file([65]))
      let talk = try AcquireTalk(
        [AcquireTalk.configuration(item), message], gateway: server.url)
      #expect(talk.answers(201).count == 1)
      let log = talk.answers(101)
      #expect(log.count == (isLogged ? 1 : 0))
      #expect(log.allSatisfy { $0["URI"] == "\(Self.uri)/a" && $0["Message"] == "mirror: asked" })
    }
  }

  @Test func `apt is told once that a thing is waited for, and then has it`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let message = try AcquireTalk.acquire("\(Self.uri)/a", in: "\(folder.path)/a")
      try server.script(message, .gated(gate, .file([65])))
      let talk = try AcquireTalk(
        [AcquireTalk.configuration(), message], gateway: server.url
      ) { if $0.code == 102 { gate.open() } }
      #expect(talk.said.map(\.code) == [100, 102, 200, 201])
      #expect(talk.answers(102).first?["URI"] == "\(Self.uri)/a")
      #expect(talk.answers(102).first?["Message"]?.isEmpty == false)
    }
  }

  @Test func `as many things as apt asks for at once are asked of the gateway at once`()
    async throws
  {
    let gate = Gate(opensAt: 10)
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<10).map { number in
        let message = try AcquireTalk.acquire(
          "\(Self.uri)/\(number)", in: "\(folder.path)/\(number)")
        try server.script(message, .gated(gate, .file([65])))
        return message
      }
      let talk = try AcquireTalk(
        [AcquireTalk.configuration()] + messages, gateway: server.url)
      #expect(talk.answers(201).count == 10 && talk.answers(400).isEmpty)
    }
  }

  @Test func `one thing that does not come holds up none of the others`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<10).map { number in
        let message = try AcquireTalk.acquire(
          "\(Self.uri)/\(number)", in: "\(folder.path)/\(number)")
        let file = FaultAnswer.file([65])
        try server.script(message, number == 3 ? .gated(gate, file) : file)
        return message
      }
      var finished: [String] = []
      _ = try AcquireTalk(
        [AcquireTalk.configuration()] + messages, gateway: server.url
      ) { message in
        guard message.code == 201 else { return }
        finished.append(message["URI"] ?? "")
        if finished.count == 9 { gate.open() }
      }
      #expect(finished.count == 10 && finished.last == "\(Self.uri)/3")
    }
  }

  @Test func `300 things on few connections all come`() async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<300).map { number in
        let message = try AcquireTalk.acquire(
          "\(Self.uri)/\(number)", in: "\(folder.path)/\(number)")
        try server.script(message, number % 7 == 0 ? .status(404) : .file(Array("\(number)".utf8)))
        return message
      }
      let talk = try AcquireTalk(
        [AcquireTalk.configuration()] + messages, gateway: server.url)
      let missing = Set(talk.answers(400).compactMap { $0["URI"] })
      #expect(missing == Set((0..<300).filter { $0 % 7 == 0 }.map { "\(Self.uri)/\($0)" }))
      for number in 0..<300 where number % 7 != 0 {
        #expect(folder.text(of: "\(number)") == "\(number)")
      }
      #expect(server.requests.count == 300)
    }
  }

  @Test func `where a redirect would lead is the gateway's business alone`() async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let message = try AcquireTalk.acquire("\(Self.uri)/a", in: "\(folder.path)/a")
      try server.script(message, .redirect(to: "\(server.url)/elsewhere"))
      server.script("/elsewhere", .file([65]))
      let talk = try AcquireTalk([AcquireTalk.configuration(), message], gateway: server.url)
      #expect(talk.answers(103).isEmpty && talk.answers(201).isEmpty)
      #expect(talk.answers(400).first?["FailReason"] == "HttpError302")
      #expect(server.requests(to: "/elsewhere").isEmpty)
    }
  }

  @Test func `an index under the name of its digest is asked for with that digest`() async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let hex = String(repeating: "ab", count: 32)
      let uri = "http://archive.example/debian/dists/stable/main/binary-amd64/by-hash/SHA256/\(hex)"
      let message = try AcquireTalk.acquire(
        uri, in: "\(folder.path)/index",
        "Target-Type: index\nExpected-SHA256: \(hex)\nExpected-Checksum-FileSize: 1")
      try server.script(message, .file([65]))
      let talk = try AcquireTalk([AcquireTalk.configuration(), message], gateway: server.url)
      #expect(talk.answers(201).first?["URI"] == uri)
      let path = try #require(server.requests.first?.path)
      #expect(path.contains("by-hash_2FSHA256_2F\(hex)") && path.contains("sha256_3D\(hex)"))
    }
  }
}
