import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Systems that keep repositories.
  static let git: [MirrorSystem] = [bitbucket, github, backend, cgit]

  private static func backend(
    _ name: String, mirror: String, host: String, path: String, below prefix: String
  ) -> MirrorSystem {
    MirrorSystem(name, page: "Git.md", mirror: mirror, host: host, needs: ["git", "fcgiwrap"]) {
      (goods: GitGoods) in
      try await goods.copy(to: "\(goods.folder)/srv/\(path)")
      return try await Nginx.git("\(goods.folder)/srv", below: prefix, in: goods.folder)
    }
  }

  private static let bitbucket = backend(
    "git, Bitbucket's paths", mirror: "bitbucket", host: "https://bitbucket.acme.example",
    path: "acme/kept.git", below: "/scm")

  private static let github = backend(
    "git, GitHub's paths", mirror: "github", host: "https://github.acme.example",
    path: "acme/kept.git", below: "")

  private static let backend = backend(
    "git http-backend", mirror: "git-server", host: "https://git.acme.example",
    path: "git.example/acme/kept.git", below: "/git")

  /// cgit, which gives repositories out as files.
  private static let cgit = MirrorSystem(
    "cgit", page: "Git.md", mirror: "cgit", host: "https://cgit.acme.example",
    needs: ["git", "fcgiwrap", "/usr/lib/cgit/cgit.cgi"]
  ) { (goods: GitGoods) in
    try await goods.copy(to: "\(goods.folder)/srv/acme/kept.git")
    try """
    virtual-root=/
    enable-http-clone=1
    remove-suffix=0
    scan-path=\(goods.folder)/srv

    """.write(toFile: "\(goods.folder)/cgitrc", atomically: true, encoding: .utf8)
    return try await Nginx.program(
      "/usr/lib/cgit/cgit.cgi", below: "", in: goods.folder,
      ["CGIT_CONFIG": "\(goods.folder)/cgitrc"])
  }
}
