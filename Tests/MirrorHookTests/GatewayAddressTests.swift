import Foundation
import MirrorHook
import Testing

@Suite struct GatewayAddressTests {
  @Test func `an address is read from a proxy URL`() throws {
    let gateway = try #require(GatewayAddress("http://mirror:wo@rd@127.0.0.1:4000/"))
    #expect(gateway.host == "127.0.0.1")
    #expect(gateway.port == 4000)
    #expect(GatewayAddress("http://mirror:word@localhost:1")?.host == "127.0.0.1")
  }

  @Test(arguments: [
    "", "127.0.0.1:4000", "https://127.0.0.1:4000", "http://127.0.0.1", "http://gateway.example:1",
    "http://[::1]:4000", "http://127.0.0.1:0", "http://127.0.0.1:x",
  ])
  func `what is not an address with a port is not read`(text: String) {
    #expect(GatewayAddress(text) == nil)
  }

  @Test func `a port that listens answers, and one that does not is refused`() throws {
    let listener = try LoopbackListener()
    let gateway = try #require(GatewayAddress("http://mirror:word@127.0.0.1:\(listener.port)"))
    #expect(gateway.answers())
    listener.close()
    #expect(!gateway.answers())
  }

  private static let watched: [(Int32, Int32, Int32)] = [
    (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60),
    (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 120_000),
  ]

  @Test(arguments: watched)
  func `a gateway whose machine is gone is not waited for`(
    level: Int32, name: Int32, value: Int32
  ) throws {
    let listener = try LoopbackListener()
    let gateway = try #require(GatewayAddress("http://127.0.0.1:\(listener.port)"))
    let descriptor = try #require(gateway.beginConnecting())
    defer { close(descriptor) }
    var found: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    #expect(getsockopt(descriptor, level, name, &found, &size) == 0)
    #expect(found == value)
  }
}
