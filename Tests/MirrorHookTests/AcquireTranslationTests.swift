import Foundation
import MirrorHook
import MirrorTesting
import Testing

/// What the method changes in conversations that apt 2.6 and its own method had.
@Suite struct AcquireTranslationTests {
  private static let gateway = "http://mirror:s3cret@127.0.0.1:18999/"

  static func recorded(_ name: String) -> [AcquireMessage] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(name).txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else {
      Issue.record("no fixture at \(path.path())")
      return []
    }
    var reader = AcquireMessageReader()
    return reader.take(text.utf8)
  }

  private func translation() throws -> AcquireTranslation {
    AcquireTranslation(gateway: try #require(GatewayAddress(Self.gateway)))
  }

  @Test(arguments: Self.recorded("apt-to-method").filter { $0.code == 600 })
  func `everything that apt asks is asked of the gateway, and nothing else is changed`(
    message: AcquireMessage
  ) throws {
    var translation = try translation()
    let asked = translation.toStock(message)
    let uri = try #require(asked["URI"])
    #expect(uri.hasPrefix("\(Self.gateway)apt/get/uri_3Dhttp_3A_2F_2Farchive.example_2Fdebian"))
    #expect(!uri.dropFirst(Self.gateway.count).contains("%"))
    var restored = asked
    restored["URI"] = message["URI"]
    #expect(restored == message)
    for field in ["Expected-SHA256", "Expected-Checksum-FileSize", "Target-Architecture"] {
      if let value = message[field] { #expect(uri.contains("_3D\(value)")) }
    }
  }

  @Test func `the same thing asked twice has the same name at the gateway`() throws {
    let message = try #require(Self.recorded("apt-to-method").first { $0.code == 600 })
    var (one, two) = (try translation(), try translation())
    #expect(one.toStock(message) == two.toStock(message))
  }

  @Test(arguments: [
    "cdrom:[disc]/dists", "file:/srv/debian/InRelease", "ftp://archive.example/InRelease",
    "mirror+file:/etc/list",
  ])
  func `what the gateway does not carry stays what it is`(uri: String) throws {
    var translation = try translation()
    let message = try #require(AcquireMessage("600 URI Acquire\nURI: \(uri)\nFilename: /x"))
    #expect(translation.toStock(message) == message)
  }

  @Test func `the stock method reaches the gateway whatever the user's configuration says`() throws
  {
    var translation = try translation()
    let message = try #require(Self.recorded("apt-to-method").first { $0.code == 601 })
    let told = translation.toStock(message)
    #expect(told.fields.starts(with: message.fields))
    let added = told.fields.dropFirst(message.fields.count).map(\.value)
    #expect(added.contains("Acquire::http::Proxy::127.0.0.1=DIRECT"))
    #expect(added.contains("Acquire::http::Timeout=600"))
    #expect(added.contains("Acquire::ForceIPv6=false"))
  }

  @Test(arguments: Self.recorded("method-to-apt"))
  func `apt hears of its own URI, and never of the gateway`(message: AcquireMessage) throws {
    var translation = try translation()
    let asked = try #require(Self.recorded("apt-to-method").first { $0.code == 600 })
    var answer = message
    answer["URI"] = translation.toStock(asked)["URI"]
    let told = translation.toApt(answer)
    #expect(told["URI"] == asked["URI"])
    #expect(!told.text.contains("127.0.0.1") && !told.text.contains("18999"))
    #expect(!told.text.contains("s3cret") && !told.text.contains("GATEWAY"))
    #expect(told["Filename"] == message["Filename"])
    #expect(told["Size"] == message["Size"] && told["IMS-Hit"] == message["IMS-Hit"])
    if message.code == 102, message["Message"]?.hasPrefix("Connect") == true {
      #expect(told["Message"]?.hasSuffix("archive.example") == true)
    }
  }

  @Test(
    arguments: [
      ("HttpError503", true), ("ConnectionRefused", true), ("HttpError502", false),
      ("HttpError500", false), ("HttpError404", false), ("HttpError403", false),
    ] as [(String, Bool)])
  func `only what may pass is called transient`(reason: String, isTransient: Bool) throws {
    var translation = try translation()
    let asked = try #require(Self.recorded("apt-to-method").first { $0.code == 600 })
    var answer = try #require(
      Self.recorded("method-to-apt").first { $0["FailReason"] == reason })
    answer["URI"] = translation.toStock(asked)["URI"]
    #expect((translation.toApt(answer)["Transient-Failure"] == "true") == isTransient)
  }

  @Test func `a redirect inside the gateway names the archive's URIs`() throws {
    var translation = try translation()
    let asked = Self.recorded("apt-to-method").filter { $0.code == 600 }.prefix(2)
    let ours = asked.compactMap { translation.toStock($0)["URI"] }
    try #require(ours.count == 2)
    let answer = try #require(
      AcquireMessage("103 Redirect\nURI: \(ours[0])\nNew-URI: \(ours[1])"))
    let told = translation.toApt(answer)
    #expect(told["URI"] == asked.first?["URI"] && told["New-URI"] == asked.last?["URI"])
  }

  @Test func `what is not about one of its URIs goes on as it came`() throws {
    var translation = try translation()
    for text in ["100 Capabilities\nVersion: 1.2", "101 Log\nMessage: a", "401 General Failure"] {
      let message = try #require(AcquireMessage(text))
      #expect(translation.toApt(message) == message)
    }
  }
}
