import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// One conversation with an acquire method, as apt has it, and how that ended.
struct AcquireTalk {
  /// Apt's own method for http.
  static let stock = "/usr/lib/apt/methods/http"

  /// What the method said.
  private(set) var said: [AcquireMessage] = []
  /// How the process ended.
  private(set) var status: Int32 = 0

  /// Tells the built method all of the messages, or each when the one before is answered.
  ///
  /// - Parameters:
  ///   - gateway: what the method finds in its environment.
  ///   - hearing: what is done when the method says something.
  init(
    _ messages: [AcquireMessage], gateway: String?, oneByOne: Bool = false,
    hearing: (AcquireMessage) -> Void = { _ in }
  ) throws {
    let programs = try TemporaryFolder()
    try programs.link("http", to: HookRun.program)
    try self.init(
      with: "\(programs.path)/http", messages, gateway: gateway, oneByOne: oneByOne,
      hearing: hearing)
    withExtendedLifetime(programs) {}
  }

  /// Tells a method all of the messages.
  init(
    with program: String, _ messages: [AcquireMessage], gateway: String? = nil,
    oneByOne: Bool = false, hearing: (AcquireMessage) -> Void = { _ in }
  ) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.environment = ["PATH": "/usr/bin:/bin", "MIRROR_GATEWAY": gateway].compactMapValues {
      $0
    }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var reader = AcquireMessageReader()
    var wanted = 0
    for batch in oneByOne ? messages.map({ [$0] }) : [messages] {
      try input.fileHandleForWriting.write(contentsOf: Data(batch.map(\.text).joined().utf8))
      wanted += batch.filter { $0.code == 600 }.count
      while said.filter({ [103, 201, 400].contains($0.code) }).count < wanted {
        let bytes = output.fileHandleForReading.availableData
        if bytes.isEmpty { break }
        for message in reader.take(bytes) {
          said.append(message)
          hearing(message)
        }
      }
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// What the method said under a code.
  func answers(_ code: Int) -> [AcquireMessage] { said.filter { $0.code == code } }

  // MARK: What apt says

  /// The configuration, with further items.
  static func configuration(_ items: String...) throws -> AcquireMessage {
    let own = ["Acquire::Send-URI-Encoded=1", "APT::Sandbox::User=root"]
    let lines = (own + items).map { "Config-Item: \($0)\n" }.joined()
    return try #require(AcquireMessage("601 Configuration\n\(lines)"))
  }

  /// The question for a thing, in a file.
  static func acquire(
    _ uri: String, in file: String, _ more: String = ""
  ) throws -> AcquireMessage {
    try #require(AcquireMessage("600 URI Acquire\nURI: \(uri)\nFilename: \(file)\n\(more)"))
  }
}

extension FaultServer {
  /// Scripts the server as the gateway that is asked by a message.
  func script(_ message: AcquireMessage, _ answer: FaultAnswer) throws {
    script("/\(try #require(AcquireLink.path(for: message)))", answer)
  }
}
