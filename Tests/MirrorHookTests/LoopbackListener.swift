import Foundation
import Synchronization

/// A socket that listens on loopback and never accepts: the kernel completes connections.
///
/// Its port stays its own after it is closed, so nobody else answers there.
final class LoopbackListener: Sendable {
  struct Failure: Error {}

  let port: UInt16
  private let keeper: Int32
  private let descriptor: Mutex<Int32>

  init() throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    // A port that is bound and not listened at refuses, and nobody else is given it.
    keeper = try Self.bound(to: &address)
    let descriptor = try Self.bound(to: &address)
    guard listen(descriptor, 8) == 0 else { throw Failure() }
    self.descriptor = Mutex(descriptor)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    close()
    _ = Foundation.close(keeper)
  }

  /// Returns a socket at the address, whose port is chosen if it is 0.
  private static func bound(to address: inout sockaddr_in) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var shared: Int32 = 1
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &shared, 4) == 0
          && bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard result else { throw Failure() }
    return descriptor
  }

  func close() {
    descriptor.withLock {
      if $0 >= 0 { _ = Foundation.close($0) }
      $0 = -1
    }
  }
}
