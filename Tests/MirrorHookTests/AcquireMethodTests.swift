import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// The built method with apt's own one behind it, spoken to as apt does.
@Suite(
  .enabled(
    if: HookRun.isBuilt && HookRun.hasStockMethod, "apt's http method or mirror-hook is missing"))
struct AcquireMethodTests {
  /// What became of one conversation.
  private struct Talk {
    var said: [AcquireMessage]
    var status: Int32

    func answers(_ code: Int) -> [AcquireMessage] { said.filter { $0.code == code } }
  }

  private func talk(
    _ messages: [AcquireMessage], gateway: String?, in folder: TemporaryFolder
  ) throws -> Talk {
    try folder.link("http", to: HookRun.program)
    let process = Process()
    process.executableURL = URL(filePath: "\(folder.path)/http")
    process.environment = ["PATH": "/usr/bin:/bin", "MIRROR_GATEWAY": gateway].compactMapValues {
      $0
    }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(messages.map(\.text).joined().utf8))
    var reader = AcquireMessageReader()
    var said: [AcquireMessage] = []
    let wanted = messages.filter { $0.code == 600 }.count
    while said.filter({ $0.code == 201 || $0.code == 400 }).count < wanted {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      said += reader.take(bytes)
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return Talk(said: said, status: process.terminationStatus)
  }

  private func configuration() throws -> AcquireMessage {
    try #require(
      AcquireMessage(
        "601 Configuration\nConfig-Item: Acquire::Send-URI-Encoded=1\n"
          + "Config-Item: APT::Sandbox::User=root\n"
          + "Config-Item: Acquire::http::Proxy=http://127.0.0.1:9/"))
  }

  private func acquire(_ uri: String, _ file: String, _ more: String = "") throws -> AcquireMessage
  {
    try #require(AcquireMessage("600 URI Acquire\nURI: \(uri)\nFilename: \(file)\n\(more)"))
  }

  /// Scripts a server as the gateway that is asked by a message.
  private func script(
    _ server: FaultServer, for message: AcquireMessage, _ answer: FaultAnswer
  ) throws {
    let address = try #require(GatewayAddress("\(server.url)/"))
    var translation = AcquireTranslation(gateway: address)
    let uri = try #require(translation.toStock(message)["URI"])
    server.script(String(uri.dropFirst(server.url.count)), answer)
  }

  @Test func `40 things asked at once all come, each under its own URI`() async throws {
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let messages = try (0..<40).map { number in
        let uri = "https://archive.example/debian/pool/main/h/p\(number)_1%2b1_all.deb"
        let message = try acquire(uri, "\(folder.path)/\(number).deb", "Target-Type: deb")
        try script(server, for: message, .file(Array("package \(number)\n".utf8)))
        return message
      }
      let talk = try talk([configuration()] + messages, gateway: server.url, in: folder)
      #expect(talk.answers(100).count == 1)
      #expect(
        Set(talk.answers(201).compactMap { $0["URI"] }) == Set(messages.compactMap { $0["URI"] }))
      for number in 0..<40 {
        let text = try String(contentsOfFile: "\(folder.path)/\(number).deb", encoding: .utf8)
        #expect(text == "package \(number)\n")
      }
      #expect(talk.status == 0)
      #expect(!talk.said.map(\.text).joined().contains("127.0.0.1"))
    }
  }

  @Test func `conditions, limits and misses are apt's own`() async throws {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let root = "http://archive.example/debian/dists/stable"
      let known = try acquire("\(root)/InRelease", "\(folder.path)/a", "Last-Modified: \(date)")
      let long = try acquire("\(root)/Release", "\(folder.path)/b", "Maximum-Size: 10")
      let none = try acquire("\(root)/Release.gpg", "\(folder.path)/c")
      try script(server, for: known, .file(Array("same\n".utf8), lastModified: date))
      try script(server, for: long, .file([UInt8](repeating: 65, count: 1000)))
      try script(server, for: none, .status(404))
      let talk = try talk([configuration(), known, long, none], gateway: server.url, in: folder)
      let hit = try #require(talk.answers(201).first { $0["URI"] == "\(root)/InRelease" })
      #expect(hit["IMS-Hit"] == "true")
      let failures = Dictionary(
        talk.answers(400).map { ($0["URI"] ?? "", $0["FailReason"]) }
      ) { $1 }
      #expect(failures["\(root)/Release"] == "MaximumSizeExceeded")
      #expect(failures["\(root)/Release.gpg"] == "HttpError404")
    }
  }

  @Test func `without a gateway it is apt's own method`() async throws {
    try await FaultServer.run { server in
      server.script("/debian/x", .file(Array("bytes\n".utf8)))
      let plain = try #require(
        AcquireMessage("601 Configuration\nConfig-Item: Acquire::Send-URI-Encoded=1"))
      for gateway in [nil, try FaultServer.refusedURL()] {
        let folder = try TemporaryFolder()
        let message = try acquire("\(server.url)/debian/x", "\(folder.path)/x")
        let talk = try talk([plain, message], gateway: gateway, in: folder)
        #expect(talk.answers(201).first?["URI"] == "\(server.url)/debian/x")
      }
      #expect(server.requests(to: "/debian/x").count == 2)
    }
  }

  @Test func `a signal ends it and its children, though something is on its way`() async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      let folder = try TemporaryFolder()
      let message = try acquire("http://archive.example/debian/InRelease", "\(folder.path)/a")
      try script(server, for: message, .gated(gate, .file([1])))
      try folder.link("http", to: HookRun.program)
      let process = Process()
      process.executableURL = URL(filePath: "\(folder.path)/http")
      process.environment = ["PATH": "/usr/bin:/bin", "MIRROR_GATEWAY": server.url]
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      let text = try configuration().text + message.text
      try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      await gate.waitForRequests(1)
      process.interrupt()
      process.waitUntilExit()
      // The child has the other end of no pipe any more only when it is gone as well.
      while !output.fileHandleForReading.availableData.isEmpty {}
      gate.open()
      #expect(process.terminationReason == .exit)
    }
  }
}
