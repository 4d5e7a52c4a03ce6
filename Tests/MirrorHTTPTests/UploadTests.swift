import Glibc
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct UploadTests {
  /// A socket that takes connections and reads nothing from them.
  private final class DeafServer {
    private let descriptor: Int32
    let port: Int

    init() throws {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = descriptor
      let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          bind(descriptor, address, size) == 0 && listen(descriptor, 8) == 0
            && getsockname(descriptor, address, &size) == 0
        }
      }
      try #require(result)
      port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
  }

  @Test func `ends at a server that stops reading`() async throws {
    let server = try DeafServer()
    let folder = try TemporaryFolder()
    let size = 32 << 20
    let path = try folder.write("file", "")
    try #require(truncate(path, off_t(size)) == 0)
    let file = try #require(try OpenFile(reading: path))
    var patience = Patience.once
    patience.stall = .milliseconds(200)
    patience.firstByte = .milliseconds(200)
    let locator = try #require(Locator("http://127.0.0.1:\(server.port)/a"))
    try await HTTPTransport.run(patience: patience) { transport in
      let error = await #expect(throws: MirrorError.self) {
        try await transport.put(
          file, size: size, digests: [],
          at: Retrieval(locator, subject: "tool.tgz", source: "acme"))
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("fell silent") == true)
    }
    withExtendedLifetime(server) {}
  }
}
