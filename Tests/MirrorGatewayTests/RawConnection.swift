import Foundation

/// A connection that a test writes to and reads from piece by piece.
///
/// The calls block, so they run on threads of their own and not on those that the gateway needs.
final class RawConnection: Sendable {
  /// The connection could not be made or used.
  struct Failure: Error {
    var call: String
    var code: Int32
  }

  private let descriptor: Int32

  /// Connects to a port on loopback; reads give up after 30 seconds.
  init(port: Int) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(call: "connect", code: errno) }
  }

  deinit { close(descriptor) }

  /// Sends a text.
  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard
      Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    else { throw Failure(call: "send", code: errno) }
  }

  /// Asks for a target and leaves the connection open.
  func ask(_ target: String, headers: [String] = []) throws {
    let lines = ["GET \(target) HTTP/1.1", "Host: test"] + headers
    try send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// Reads until so many bytes came, or the other side ended.
  func read(_ count: Int) async -> [UInt8] {
    await onThread { Self.read(self.descriptor, until: { $0.count >= count }, atMost: count) }
  }

  /// Reads the head of an answer, with its empty line.
  func readHead() async -> String {
    let end = Array("\r\n\r\n".utf8)
    let bytes = await onThread {
      Self.read(self.descriptor, until: { $0.suffix(4).elementsEqual(end) }, atMost: nil)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads until the other side ends.
  func readToEnd() async -> [UInt8] {
    await onThread { Self.read(self.descriptor, until: { _ in false }, atMost: 1 << 30) }
  }

  private func onThread(_ body: @escaping @Sendable () -> [UInt8]) async -> [UInt8] {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }

  /// Reads byte by byte where no count says how much may be taken.
  private static func read(
    _ descriptor: Int32, until isDone: ([UInt8]) -> Bool, atMost limit: Int?
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while !isDone(bytes) {
      let room = limit.map { min($0 - bytes.count, piece.count) } ?? 1
      let count = recv(descriptor, &piece, room, 0)
      guard count > 0 else { break }
      bytes += piece.prefix(count)
    }
    return bytes
  }
}
