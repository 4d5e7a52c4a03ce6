import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// The built method with a server in the gateway's place, spoken to as apt does.
@Suite(.enabled(if: HookRun.isBuilt, "mirror-hook is missing"))
struct AcquireMethodTests {
  /// The name of a thing, and the file that it comes in.
  private static let uri = "http://archive.example/debian/dists/stable/InRelease"

  /// Asks for one thing, and gives what the method said in the end.
  private func outcome(
    of answer: FaultAnswer, _ more: String = "", in folder: TemporaryFolder
  ) async throws -> (last: AcquireMessage, talk: AcquireTalk, requests: [SeenRequest]) {
    try await FaultServer.run { server in
      let message = try AcquireTalk.acquire(Self.uri, in: "\(folder.path)/file", more)
      try server.script(message, answer)
      let gateway = server.url.replacing("http://", with: "http://mirror:t0ken@")
      let talk = try AcquireTalk([AcquireTalk.configuration(), message], gateway: gateway)
      return (try #require(talk.said.last), talk, server.requests)
    }
  }

  @Test func `40 things asked at once all come, each under its own URI`() async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<40).map { number in
        let uri = "https://archive.example/debian/pool/main/h/p\(number)_1%2b1_all.deb"
        let message = try AcquireTalk.acquire(
          uri, in: "\(folder.path)/\(number).deb", "Target-Type: deb")
        try server.script(message, .file(Array("package \(number)\n".utf8)))
        return message
      }
      let talk = try AcquireTalk([AcquireTalk.configuration()] + messages, gateway: server.url)
      #expect(talk.answers(100).count == 1)
      #expect(
        Set(talk.answers(201).compactMap { $0["URI"] }) == Set(messages.compactMap { $0["URI"] }))
      for number in 0..<40 {
        let text = try String(contentsOfFile: "\(folder.path)/\(number).deb", encoding: .utf8)
        #expect(text == "package \(number)\n")
      }
      #expect(talk.status == 0)
      #expect(!talk.said.map(\.text).joined().contains("127.0.0.1"))
      #expect(talk.answers(200).count == 40)
      #expect(!talk.said.contains { $0.text.contains("-Hash") }, "apt shall hash by itself")
    }
  }

  @Test func `a gateway that is required and gone is a failure that apt is told`() throws {
    let listener = try LoopbackListener()
    listener.close()
    for gateway in ["http://mirror:t0ken@127.0.0.1:\(listener.port)", "http://gateway:8040"] {
      let run = try HookRun(
        "http", [], gateway: gateway, environment: ["MIRROR_REQUIRED": "yes"])
      let said = try #require(AcquireMessage(run.output))
      #expect(said.code == 401)
      #expect(said["Message"]?.hasSuffix("apt must not go on without it") == true)
      #expect(run.status == 100)
      #expect(!run.output.contains("t0ken"))
    }
  }

  @Test(.enabled(if: HookRun.hasStockMethod, "apt's method is missing"))
  func `a gateway that is gone is said, and apt's own method goes on`() throws {
    let listener = try LoopbackListener()
    listener.close()
    let run = try HookRun("http", [], gateway: "http://127.0.0.1:\(listener.port)")
    #expect(run.output.hasPrefix("100 Capabilities\n"))
    #expect(
      run.errors
        == "mirror: the gateway at http://127.0.0.1:\(listener.port) does not answer; "
        + "apt goes on without it\n")
  }

  @Test func `a connection that the gateway ended is no failure`()
    async throws
  {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<40).map { number in
        let message = try AcquireTalk.acquire(
          "\(Self.uri)/\(number)", in: "\(folder.path)/\(number)")
        let text =
          "HTTP/1.1 200 OK\r\n\(number % 2 == 0 ? "" : "Connection: close\r\n")Content-Length: 2\r\n\r\n\(number + 10)"
        try server.script(message, .garbage(Array(text.utf8)))
        return message
      }
      let talk = try AcquireTalk(
        [AcquireTalk.configuration()] + messages, gateway: server.url, oneByOne: true)
      #expect(talk.answers(201).count == 40 && talk.answers(400).isEmpty)
      for number in 0..<40 {
        let text = try String(contentsOfFile: "\(folder.path)/\(number)", encoding: .utf8)
        #expect(text == "\(number + 10)")
      }
    }
  }

  @Test func `the token is shown in a header, and apt hears nothing of it`() async throws {
    let folder = try TemporaryFolder()
    let (last, talk, requests) = try await outcome(of: .status(403), in: folder)
    #expect(requests.first?.headers["authorization"] == "Basic bWlycm9yOnQwa2Vu")
    #expect(last["URI"] == Self.uri)
    #expect(!talk.said.map(\.text).joined().contains("t0ken"))
  }

  @Test func `conditions, limits and misses are told as apt's own method does`() async throws {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let root = "http://archive.example/debian/dists/stable"
      let known = try AcquireTalk.acquire(
        "\(root)/InRelease", in: "\(folder.path)/a", "Last-Modified: \(date)")
      let long = try AcquireTalk.acquire(
        "\(root)/Release", in: "\(folder.path)/b", "Maximum-Size: 10")
      let none = try AcquireTalk.acquire("\(root)/Release.gpg", in: "\(folder.path)/c")
      try server.script(known, .file(Array("same\n".utf8), lastModified: date))
      try server.script(long, .file([UInt8](repeating: 65, count: 1000)))
      try server.script(none, .status(404))
      let talk = try AcquireTalk(
        [AcquireTalk.configuration(), known, long, none], gateway: server.url)
      let hit = try #require(talk.answers(201).first { $0["URI"] == "\(root)/InRelease" })
      #expect(hit["IMS-Hit"] == "true")
      let failures = Dictionary(
        talk.answers(400).map { ($0["URI"] ?? "", $0["FailReason"]) }
      ) { $1 }
      #expect(failures["\(root)/Release"] == "MaximumSizeExceeded")
      #expect(failures["\(root)/Release.gpg"] == "HttpError404")
    }
  }

  @Test(
    arguments: [
      (403, false), (404, false), (500, false), (502, false), (503, true), (504, true),
    ])
  func `only what may pass is called transient, and the gateway's reason is told`(
    status: Int, isTransient: Bool
  ) async throws {
    let folder = try TemporaryFolder()
    let body = Array("mirror: hello: acme does not answer\nmore\n".utf8)
    let (last, _, _) = try await outcome(of: .status(status, body: body), in: folder)
    #expect(last.code == 400 && last["FailReason"] == "HttpError\(status)")
    #expect((last["Transient-Failure"] == "true") == isTransient)
    let told = status == 404 ? "404  Not Found" : "\(status)  hello: acme does not answer"
    #expect(last["Message"] == told)
  }

  @Test(arguments: [
    FaultAnswer.truncated(Array("0123456789".utf8), after: 4), .garbage(Array("x\r\n".utf8)),
    .close, .reset, .garbage(Array("HTTP/1.1 200 OK\r\nContent-".utf8)),
  ])
  func `what breaks off is never called done, and may be asked for again`(
    answer: FaultAnswer
  ) async throws {
    let folder = try TemporaryFolder()
    let (last, talk, _) = try await outcome(of: answer, in: folder)
    #expect(last.code == 400 && last["Transient-Failure"] == "true")
    #expect(talk.answers(201).isEmpty)
  }

  @Test func `what is left of a broken transfer is continued while it is the same thing`()
    async throws
  {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    let bytes = Array("0123456789".utf8)
    for (when, isSame) in [(date, true), ("Mon, 07 Nov 1994 08:49:37 GMT", false)] {
      let folder = try TemporaryFolder()
      let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nLast-Modified: \(date)\r\n\r\n0123"
      _ = try await outcome(of: .garbage(Array(head.utf8)), in: folder)
      #expect(try String(contentsOfFile: "\(folder.path)/file", encoding: .utf8) == "0123")
      let answer = FaultAnswer.file(bytes, lastModified: when)
      let size = "Expected-Checksum-FileSize: 10"
      let (last, talk, requests) = try await outcome(of: answer, size, in: folder)
      #expect(requests.first?.headers["range"] == "bytes=4-")
      #expect(requests.first?.headers["if-range"] == date)
      #expect(talk.answers(200).first?["Resume-Point"] == (isSame ? "4" : nil))
      #expect(last.code == 201 && last["Size"] == "10")
      #expect(try String(contentsOfFile: "\(folder.path)/file", encoding: .utf8) == "0123456789")
    }
  }

  @Test func `what cannot be continued is asked for as a whole`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", "too long to be it")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 784_111_777)],
      ofItemAtPath: "\(folder.path)/file")
    let answer = FaultAnswer.file([65, 66], lastModified: "Sun, 06 Nov 1994 08:49:37 GMT")
    let (last, _, requests) = try await outcome(of: answer, in: folder)
    #expect(requests.map { $0.headers["range"] } == ["bytes=17-", nil])
    #expect(last.code == 201)
    #expect(try String(contentsOfFile: "\(folder.path)/file", encoding: .utf8) == "AB")
  }

  @Test(.enabled(if: getuid() == 0, "only root can become another user"))
  func `root's method becomes the sandbox user before it fetches anything`() async throws {
    let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
    let line = try #require(passwd.split(separator: "\n").first { $0.hasPrefix("nobody:") })
    let number = try #require(Int(line.split(separator: ":")[2]))
    let sandboxed = try #require(
      AcquireMessage("601 Configuration\nConfig-Item: APT::Sandbox::User=nobody"))
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      try folder.write("open/.keep", "")
      try folder.write("closed/.keep", "")
      for (name, mode) in [("open", 0o777), ("closed", 0o700)] {
        try FileManager.default.setAttributes(
          [.posixPermissions: mode], ofItemAtPath: "\(folder.path)/\(name)")
      }
      let messages = try ["open", "closed"].map { name in
        let message = try AcquireTalk.acquire(
          "\(Self.uri)/\(name)", in: "\(folder.path)/\(name)/file")
        try server.script(message, .file([65]))
        return message
      }
      let talk = try AcquireTalk([sandboxed] + messages, gateway: server.url)
      #expect(talk.answers(201).map { $0["URI"] } == ["\(Self.uri)/open"])
      #expect(talk.answers(400).map { $0["URI"] } == ["\(Self.uri)/closed"])
      let file = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/open/file")
      #expect(file[.ownerAccountID] as? Int == number)
    }
  }

  @Test func `what has another length than the index says is not taken`() async throws {
    let folder = try TemporaryFolder()
    let (last, _, _) = try await outcome(
      of: .file([65, 66]), "Expected-Checksum-FileSize: 3", in: folder)
    #expect(last.code == 400 && last["FailReason"] == "MaximumSizeExceeded")
    let (other, _, _) = try await outcome(
      of: .chunked([65, 66, 67, 68]), "Expected-Checksum-FileSize: 3", in: folder)
    #expect(other.code == 400 && other["FailReason"] == "MaximumSizeExceeded")
  }

  @Test func `a file has the time of the thing`() async throws {
    let folder = try TemporaryFolder()
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    let (last, _, _) = try await outcome(of: .file([65], lastModified: date), in: folder)
    #expect(last["Last-Modified"] == date)
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/file")
    #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 784_111_777))
  }

  @Test(arguments: [
    "yesterday", "Sun, 06 Nov \(Int32.min) 08:49:37 GMT",
    "Sun, 06 Nov 1994 \(Int32.max):\(Int32.max):\(Int32.max) GMT",
  ])
  func `a date that is none costs the file nothing but its time`(date: String) async throws {
    let folder = try TemporaryFolder()
    let (last, _, _) = try await outcome(of: .file([65], lastModified: date), in: folder)
    #expect(last.code == 201)
    #expect(try String(contentsOfFile: "\(folder.path)/file", encoding: .utf8) == "A")
  }

  @Test func `a file that cannot be written is a failure that names it`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file/in-the-way", "")
    let (last, _, _) = try await outcome(of: .file([65]), in: folder)
    #expect(last.code == 400 && last["Message"]?.contains("\(folder.path)/file") == true)
  }

  @Test(.enabled(if: HookRun.hasStockMethod, "apt's http method is missing"))
  func `without a gateway it is apt's own method`() async throws {
    try await FaultServer.run { server in
      server.script("/debian/x", .file(Array("bytes\n".utf8)))
      let plain = try #require(
        AcquireMessage("601 Configuration\nConfig-Item: Acquire::Send-URI-Encoded=1"))
      for gateway in [nil, try FaultServer.refusedURL()] {
        let folder = try TemporaryFolder()
        let message = try AcquireTalk.acquire("\(server.url)/debian/x", in: "\(folder.path)/x")
        let talk = try AcquireTalk([plain, message], gateway: gateway)
        #expect(talk.answers(201).first?["URI"] == "\(server.url)/debian/x")
      }
      #expect(server.requests(to: "/debian/x").count == 2)
    }
  }

  @Test func `a signal ends it, though something is on its way`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let message = try AcquireTalk.acquire(
        "http://archive.example/debian/InRelease", in: "\(folder.path)/a")
      try server.script(message, .gated(gate, .file([1])))
      try folder.link("http", to: HookRun.program)
      let process = Process()
      process.executableURL = URL(filePath: "\(folder.path)/http")
      process.environment = ["PATH": "/usr/bin:/bin", "MIRROR_GATEWAY": server.url]
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      let text = try AcquireTalk.configuration().text + message.text
      try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      await gate.waitForRequests(1)
      process.interrupt()
      process.waitUntilExit()
      while !output.fileHandleForReading.availableData.isEmpty {}
      gate.open()
      #expect(process.terminationReason == .exit)
    }
  }
}
