internal import Glibc
import MirrorCore

/// The note in a store that says where its shared gateway listens, and whether it is frozen; only its user
/// can read it.
struct RunningGateway {
  private let path: String

  init(in store: Store) { path = "\(store.path)/gateway" }

  /// Writes the note.
  func note(_ address: GatewayAddress, isFrozen: Bool) throws(MirrorError) {
    let lines = [address.url()] + (isFrozen ? [Self.frozen] : [])
    try Disk.replace(path, with: lines.map { "\($0)\n" }.joined().utf8, mode: 0o600)
  }

  /// Removes the note, if it is still that of this address.
  func forget(_ address: GatewayAddress) {
    guard (try? lines())?.first == address.url() else { return }
    Disk.remove(path)
  }

  /// The address of the gateway that runs, and whether look-ups are answered from its lock alone.
  ///
  /// - Throws: `unavailable` when there is none.
  func found() throws(MirrorError) -> (address: GatewayAddress, isFrozen: Bool) {
    let lines = try lines()
    guard let address = lines.first.flatMap({ GatewayAddress($0) }), Self.answers(address) else {
      throw MirrorError(
        .unavailable, "no gateway runs on this store; start one with mirror serve")
    }
    return (address, lines.contains(Self.frozen))
  }

  private static let frozen = "frozen"

  private func lines() throws(MirrorError) -> [String] {
    let text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(whereSeparator: \.isNewline).map { String($0) }
  }

  private static func answers(_ address: GatewayAddress) -> Bool {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0, let first = list
    else { return false }
    defer { freeaddrinfo(list) }
    let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Connecting takes no longer either (socket(7)).
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    return connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0
  }
}
