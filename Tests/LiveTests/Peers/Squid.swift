import Foundation

/// squid as a proxy for everybody on loopback, or for one login.
final class Squid: Sendable {
  private let process: PeerServer
  private let service: String
  var url: String { process.url }

  private init(process: PeerServer, service: String) {
    self.process = process
    self.service = service
  }

  /// Starts it; as root it becomes the user `proxy`, who must own what it writes.
  static func start(login: String?, in folder: String) async throws -> Squid {
    let home = "\(folder)/squid"
    let service = "mirror\(UUID().uuidString.prefix(8))"
    let words = login?.split(separator: ":", maxSplits: 1).map { String($0) } ?? ["", ""]
    try await Peers.prepare(
      """
      mkdir squid
      printf '%s:%s\\n' '\(words[0])' "$(openssl passwd -apr1 '\(words[1])')" > squid/users
      if [ "$(id -u)" = 0 ]; then chown -R proxy:proxy squid; chmod o+x .; fi
      """, in: folder)
    let door =
      login == nil
      ? "http_access allow localhost"
      : """
      auth_param basic program /usr/lib/squid/basic_ncsa_auth \(home)/users
      auth_param basic realm mirror
      acl known proxy_auth REQUIRED
      http_access allow known
      """
    let process = try await PeerServer.start(log: "\(folder)/squid.log") { port in
      try """
      http_port 127.0.0.1:\(port)
      \(door)
      http_access deny all
      cache_mem 8 MB
      access_log none
      cache_log \(home)/log
      cache_store_log none
      netdb_filename none
      pid_filename \(home)/pid
      coredump_dir \(home)
      pinger_enable off
      shutdown_lifetime 0 seconds

      """.write(toFile: "\(folder)/squid.conf", atomically: true, encoding: .utf8)
      // Its shared memory bears the service's name, and a killed one leaves it behind.
      return ["squid", "-N", "-n", service, "-f", "\(folder)/squid.conf"]
    }
    return Squid(process: process, service: service)
  }

  func stop() {
    process.stop()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    for name in names where name.hasPrefix("\(service)-") {
      try? FileManager.default.removeItem(atPath: "/dev/shm/\(name)")
    }
  }
}
