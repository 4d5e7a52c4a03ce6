import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Ways to a mirror, and stores of objects.
  static let between: [MirrorSystem] = [squid, publicBucket, bucket]

  /// A disk behind nginx that answers nobody but squid.
  private static let squid = MirrorSystem(
    "squid in between", page: "Squid.md", mirror: "files", needs: ["squid", "nginx", "openssl"]
  ) { (goods: WebGoods, login, body) in
    let root = "\(goods.folder)/srv"
    try goods.keep(at: "\(root)/web/\(goods.path(of: .kept))")
    let files = try await Nginx.start(
      in: goods.folder, "root \(root); if ($http_via = '') { return 502; }")
    let proxy = try await Squid.start(login: login, in: goods.folder)
    let stop: @Sendable () -> Void = { proxy.stop() }
    defer {
      stop()
      files.stop()
    }
    var system = RunningSystem(places: ["https://files.acme.example": files.url], stop: stop)
    system.loginPlace = "the proxy's login"
    system.environment = { login in
      let place = proxy.url.replacing("http://", with: login.map { "http://\($0)@" } ?? "http://")
      // The upstream is asked directly, so that it is there when the proxy is not.
      return ["http_proxy": place, "no_proxy": "127.0.0.1:\(goods.origin.port)"]
    }
    try await body(system)
  }

  /// A bucket that everybody may read.
  private static let publicBucket = s3(
    "S3, public bucket", mirror: "public-bucket", isPrivate: false)

  /// A bucket whose server wants every request signed.
  private static let bucket = s3("S3, signed", mirror: "bucket", isPrivate: true)

  private static func s3(_ name: String, mirror: String, isPrivate: Bool) -> MirrorSystem {
    MirrorSystem(name, page: "S3.md", mirror: mirror, needs: [Moto.program], hasLogin: isPrivate) {
      (goods: WebGoods, _, body) in
      let server = try await Moto.start(isPrivate: isPrivate, in: goods.folder)
      try await server.put(
        bytes(of: Thing.kept.rawValue), at: "web/\(goods.path(of: .kept))", in: goods.folder)
      let stop: @Sendable () -> Void = { server.process.stop() }
      defer { stop() }
      var system = RunningSystem(
        places: ["https://s3.acme.example": server.process.url], stop: stop)
      system.alwaysShowsLogin = isPrivate
      // The server makes the keys; a stranger's are well formed, and wrong.
      system.environment = { login in
        guard isPrivate else { return [:] }
        let isStranger = login?.contains("old") ?? false
        return ["ACME_LOGIN": isStranger ? server.keys + "an-old-word" : server.keys]
      }
      try await body(system)
    }
  }
}
