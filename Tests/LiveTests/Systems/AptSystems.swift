import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Systems that keep Debian packages.
  static let apt: [MirrorSystem] = [aptly, tree, cacher]

  /// Aptly's own server, with a published snapshot.
  private static let aptly = MirrorSystem(
    "aptly", page: "Aptly.md", mirror: "aptly", host: "http://aptly.acme.example",
    needs: ["aptly", "gpg"]
  ) { (goods: AptGoods) in
    let home = "\(goods.folder)/aptly"
    // The page's own commands, by a user whose key signs; it ends with the server, which is started here.
    let commands = try SystemPage("Aptly.md").commands
    try await Peers.prepare(
      """
      mkdir aptly
      echo '{"rootDir": "\(home)", "architectures": ["amd64", "all"], "gpgProvider": "gpg"}' > .aptly.conf
      ln -s '\(goods.packageFiles)' debs
      export GNUPGHOME='\(goods.keyHome)'
      \(commands.replacing("aptly serve", with: "true"))
      """, in: goods.folder)
    return [
      try await PeerServer.start(log: "\(home)/log", environment: ["HOME": goods.folder]) { port in
        ["aptly", "-config=\(goods.folder)/.aptly.conf", "serve", "-listen=127.0.0.1:\(port)"]
      }
    ]
  }

  /// A tree of reprepro's behind nginx.
  private static let tree = MirrorSystem(
    "Debian tree (reprepro)", page: "DebianTree.md", mirror: "debian",
    host: "http://debian.acme.example", needs: ["reprepro", "gpg"]
  ) { (goods: AptGoods) in
    let root = "\(goods.folder)/srv"
    try await Peers.prepare(
      """
      mkdir -p srv/debian/conf
      cat > srv/debian/conf/distributions <<EOS
      Codename: stable
      Suite: stable
      Architectures: amd64
      Components: main
      SignWith: yes
      EOS
      export GNUPGHOME=\(goods.keyHome)
      reprepro -b srv/debian -S misc -P optional includedeb stable \(goods.packageFiles)/*.deb
      """, in: goods.folder)
    return [try await Nginx.serve(root, in: goods.folder)]
  }

  /// apt-cacher-ng in front of a copy of the archive that lacks a suite.
  private static let cacher = MirrorSystem(
    "apt-cacher-ng", page: "AptCacherNG.md", mirror: "cache",
    host: "http://cache.acme.example:3142", needs: ["apt-cacher-ng"]
  ) { (goods: AptGoods) in
    let home = "\(goods.folder)/acng"
    try await Peers.prepare("mkdir -p acng/cache acng/log acng/conf", in: goods.folder)
    try goods.kept.write(to: "\(goods.folder)/copy/debian")
    let copy = try await Nginx.serve("\(goods.folder)/copy", in: goods.folder)
    let cache = try await PeerServer.start(log: "\(home)/output") { port in
      try """
      Port: \(port)
      BindAddress: 127.0.0.1
      CacheDir: \(home)/cache
      LogDir: \(home)/log
      ForeGround: 1
      SupportDir: /usr/lib/apt-cacher-ng
      AllowUserPorts: 0
      Remap-acme: \(goods.origin.url)/debian ; \(copy.url)/debian

      """.write(toFile: "\(home)/conf/acng.conf", atomically: true, encoding: .utf8)
      return ["apt-cacher-ng", "-c", "\(home)/conf"]
    }
    return [copy, cache]
  }
}
