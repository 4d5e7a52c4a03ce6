import Foundation
import MirrorTesting

/// Where the commands of a page run: a user's folder and settings, and the hosts below `example` that pages name.
///
/// One loopback server, which the environment names as HTTP proxy, plays the hosts:
///
/// | host | what it is |
/// |---|---|
/// | `files.acme.example` | an upstream with files; `moved.tgz` is another file each time that it is asked for |
/// | `index.acme.example` | the index that pip is configured with |
/// | `archive.example` | the Debian archive that apt is configured with |
/// | `store.acme.example` | a server that keeps what is put there |
///
/// `https://git.acme.example/` is a folder, by git's own settings. All others have nothing.
struct GuideWorld: Sendable {
  let folder: String
  let environment: [String: String]
  private let places: [String: String]

  /// Lays what a page needs, and runs a body.
  static func run(
    for page: GuidePage, _ body: @Sendable (GuideWorld) async throws -> Void
  )
    async throws
  {
    let everything = page.commands.joined()
    let store = UploadServer()
    try await FaultServer.run { server in
      play(store, on: server)
      try await TemporaryFolder.with { home in
        var environment = settings(home: home, proxy: server.url)
        if everything.contains("apt") {
          environment["APT_CONFIG"] = try await layArchive(on: server, in: home)
        }
        if everything.contains("git") {
          try await Peers.prepare(Self.repository, in: home)
        }
        if everything.contains("sonic-buildimage") {
          try await Peers.prepare(Self.sonic, in: home)
        }
        let folder = "\(home)/work"
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        if everything.contains("sonic-buildimage") {
          try FileManager.default.moveItem(
            atPath: "\(home)/sonic-buildimage", toPath: "\(folder)/sonic-buildimage")
        }
        try FileManager.default.createDirectory(
          atPath: "\(home)/bin", withIntermediateDirectories: true)
        try Self.swift.write(toFile: "\(home)/bin/swift", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: "\(home)/bin/swift")
        try "all:\n\tpip download -q --dest built requests\n"
          .write(toFile: "\(folder)/Makefile", atomically: true, encoding: .utf8)
        let gateway = "127.0.0.1:\(try PeerServer.freePort())"
        let places = [
          "127.0.0.1:8040": gateway, "172.17.0.1:8040": gateway,
          "127.0.0.1:8041": "127.0.0.1:\(try PeerServer.freePort())",
          "squid.acme.example:3128": server.url.replacing("http://", with: ""),
          "/srv/mirror": "\(home)/srv/mirror",
          "/usr/libexec/acme": "\(GuidePage.repository)/Examples/ExecMirror",
        ]
        try await body(GuideWorld(folder: folder, environment: environment, places: places))
      }
    }
  }

  /// A page's commands as one script.
  ///
  /// An `ini` block is the `mirror.conf` of the commands after it, and is read.
  func script(of page: GuidePage, without omitted: [String]) -> String {
    var script = "trap 'kill $(jobs -p) 2> /dev/null || :' EXIT\n"
    for block in page.blocks {
      switch block.language {
      case "ini":
        script += "cat > mirror.conf <<'END OF CONFIGURATION'\n\(block.text)END OF CONFIGURATION\n"
        script += "mirror explain http://files.acme.example/tool-1.2.tgz > explanation\n"
      case "sh":
        let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where !omitted.contains(where: { line.hasPrefix($0) }) {
          script += "\(line)\n"
        }
      default: break
      }
    }
    for (name, place) in places { script = script.replacing(name, with: place) }
    return script
  }

  // MARK: Hosts

  private static func play(_ store: UploadServer, on server: FaultServer) {
    server.allowProxying()
    let upstream = "http://files.acme.example"
    for version in ["1.1", "1.2"] {
      server.script("\(upstream)/tool-\(version).tgz", .file(Array("\(version)\n".utf8)))
    }
    server.script("\(upstream)/moved.tgz", .file(Array("old\n".utf8)), .file(Array("new\n".utf8)))
    let wheel = Wheel(name: "requests")
    let index = "http://index.acme.example"
    server.script("\(index)/simple/requests/", .html(wheel.page(files: "../../files/")))
    server.script("\(index)/files/\(wheel.fileName)", .file(wheel.archive))
    server.setDefault(
      .choosing { request in
        let isStore = request.target.hasPrefix("http://store.acme.example/")
        return isStore ? store.answer : .status(404)
      })
  }

  /// Makes an archive with one package, and returns the file of an apt that is configured with it.
  private static func layArchive(on server: FaultServer, in home: String) async throws -> String {
    let work = "\(home)/archive"
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    let archive = try await SmallArchive(in: work, packages: ["hello"])
    let url = "http://archive.example/debian"
    archive.serve(on: server, at: url)
    let root = try AptRoot(at: "\(home)/apt", sources: [archive.source(at: url)])
    let path = "\(home)/apt.conf"
    try root.configuration.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  // MARK: The user

  private static func settings(home: String, proxy: String) -> [String: String] {
    var environment = Tool.environment(home: home).filter { name, _ in
      !name.lowercased().hasSuffix("_proxy") && !name.hasPrefix("PIP_") && !name.hasPrefix("GIT_")
        && !name.hasPrefix("GO")
    }
    environment["http_proxy"] = proxy
    environment["PIP_CONFIG_FILE"] = "/dev/null"
    environment["PIP_INDEX_URL"] = "http://index.acme.example/simple/"
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    environment["GOPROXY"] = "http://go.acme.example"
    let path = environment["PATH"] ?? "/usr/bin:/bin"
    environment["PATH"] = "\(home)/bin:\(Tool.products):\(path)"
    return environment
  }

  /// The `swift` of the pages: `swift test` has built every product, and would wait for itself.
  static let swift = """
    #!/bin/sh
    case $1 in
    run) shift; exec "$@" ;;
    build) for product; do :; done; test -x "\(Tool.products)/$product" ;;
    *) echo "swift $*: is run by no page" >&2; exit 64 ;;
    esac

    """

  private static let repository = """
    git config --global user.email t@acme.example && git config --global user.name t
    git config --global "url.file://$PWD/git/.insteadOf" https://git.acme.example/
    git init -q --bare -b main git/acme/tool.git
    git clone -q https://git.acme.example/acme/tool.git seed 2>/dev/null
    cd seed
    git checkout -q -B main && echo one > file && git add file && git commit -qm one
    git push -q origin main
    """

  /// SONiC's tree, as far as our commands read it.
  private static let sonic = """
    versions=sonic-buildimage/files/build/versions
    info=sonic-buildimage/src/sonic-build-hooks/buildinfo
    mkdir -p sonic-buildimage/files/build $info/config $info/hooks $info/scripts
    cp -r '\(GuidePage.repository)/Tests/MirrorSonicTests/Fixtures/versions' $versions
    echo 'export BUILD_PACKAGES_URL=http://packages.acme.example/p' > $info/config/buildinfo.config
    sum=$(echo 1.1 | md5sum | cut -d ' ' -f 1)
    echo "http://files.acme.example/tool-1.1.tgz==$sum" > $versions/default/versions-web
    commit=$(git -C seed rev-parse HEAD)
    echo "https://git.acme.example/acme/tool.git==$commit" > $versions/default/versions-git
    git init -q -b main sonic-buildimage
    """
}
