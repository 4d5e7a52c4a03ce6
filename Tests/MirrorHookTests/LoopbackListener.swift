import Foundation
import Synchronization

/// A socket that listens on loopback and never accepts: the kernel completes connections.
final class LoopbackListener: Sendable {
  struct Failure: Error {}

  let port: UInt16
  private let descriptor: Mutex<Int32>

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard result else { throw Failure() }
    self.descriptor = Mutex(descriptor)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close() }

  func close() {
    descriptor.withLock {
      if $0 >= 0 { _ = Foundation.close($0) }
      $0 = -1
    }
  }
}
