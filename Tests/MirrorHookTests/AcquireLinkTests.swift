import Foundation
import MirrorHook
import Testing

/// What apt 2.6 asked its method for, as the gateway is asked.
@Suite struct AcquireLinkTests {
  static func recorded() -> [AcquireMessage] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/apt-to-method.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else {
      Issue.record("no fixture at \(path.path())")
      return []
    }
    var reader = AcquireMessageReader()
    return reader.take(text.utf8).filter { $0.code == 600 }
  }

  @Test(arguments: Self.recorded())
  func `everything that apt asks is asked of the gateway, with all that its indices say`(
    message: AcquireMessage
  ) throws {
    let path = try #require(AcquireLink.path(for: message))
    #expect(path.hasPrefix("apt/get/uri_3Dhttp_3A_2F_2Farchive.example_2Fdebian"))
    #expect(!path.contains("%"))
    for field in ["Expected-SHA256", "Expected-Checksum-FileSize", "Target-Architecture"] {
      if let value = message[field] { #expect(path.contains("_3D\(value)")) }
    }
  }

  @Test(arguments: [
    "cdrom:[disc]/dists", "file:/srv/debian/InRelease", "ftp://archive.example/InRelease",
    "mirror+file:/etc/list",
  ])
  func `the gateway is asked for nothing that it does not carry`(uri: String) throws {
    let message = try #require(AcquireMessage("600 URI Acquire\nURI: \(uri)\nFilename: /x"))
    #expect(AcquireLink.path(for: message) == nil)
  }
}
