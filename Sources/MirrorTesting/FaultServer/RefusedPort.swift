internal import NIOCore

#if canImport(Glibc)
  private import Glibc
  private let stream = Int32(SOCK_STREAM.rawValue)
#elseif canImport(Musl)
  private import Musl
  private let stream = SOCK_STREAM
#elseif canImport(Darwin)
  private import Darwin
  private let stream = SOCK_STREAM
#endif

/// A port that refuses connections for as long as the process lives.
///
/// A socket that is bound but does not listen answers with RST, and unlike a port that was bound
/// and closed again it cannot be given to another server of the same test run, nor to the client's
/// own end of the connection.
enum RefusedPort {
  /// Binds a free port on 127.0.0.1 and keeps the socket open on purpose.
  static func reserve() throws -> Int {
    let socket = socket(AF_INET, stream, 0)
    guard socket >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
      }
    }
    guard result else { throw IOError(errnoCode: errno, reason: "bind") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
