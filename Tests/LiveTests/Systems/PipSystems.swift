import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Systems that keep Python packages.
  static let pip: [MirrorSystem] = [
    devpiMirror, devpiStage, proxpi, pypiserver, bandersnatch,
  ]

  private static func devpi(
    _ name: String, mirror: String,
    _ fill: @escaping @Sendable (PipGoods) throws -> String
  ) -> MirrorSystem {
    MirrorSystem(
      name, page: "Devpi.md", mirror: mirror, host: "https://devpi.acme.example",
      needs: ["devpi-init", "devpi-server"]
    ) { (goods: PipGoods) in
      let home = "\(goods.folder)/devpi"
      // Its default index would list every project there is.
      try await Peers.prepare(
        "devpi-init --serverdir \(home) --no-root-pypi --root-passwd root-word", in: goods.folder)
      let server = try await PeerServer.start(log: "\(home).log") { port in
        ["devpi-server", "--serverdir", home, "--host", "127.0.0.1", "--port", "\(port)"]
      }
      try await Peers.prepare(
        """
        url=\(server.url); type='Content-Type: application/json'
        token=$(curl -sSf -X POST $url/+login -H "$type" \
          -d '{"user": "root", "password": "root-word"}' |
          python3 -c 'import json, sys; print(json.load(sys.stdin)["result"]["password"])')
        login="X-Devpi-Auth: $(printf 'root:%s' "$token" | base64 -w0)"
        \(try fill(goods))
        """, in: goods.folder)
      return [server]
    }
  }

  /// An index that pulls from an upstream.
  private static let devpiMirror = devpi(
    "devpi mirror index", mirror: "devpi-cache"
  ) { goods in
    """
    curl -sSf -X PUT -H "$login" -H "$type" $url/root/cache -d '{"type": "mirror",
      "mirror_url": "\(goods.upstream.url)/simple/", "mirror_no_project_list": true}'
    """
  }

  /// An index of a release, which holds what was uploaded.
  private static let devpiStage = devpi(
    "devpi stage", mirror: "devpi-release"
  ) { goods in
    let file = Wheel(.kept).fileName
    try Data(Wheel(.kept).archive).write(to: URL(filePath: "\(goods.folder)/\(file)"))
    return """
      curl -sSf -X PUT -H "$login" -H "$type" $url/root/release-1 -d '{"type": "stage", "bases": []}'
      curl -sSf -H "$login" $url/root/release-1/ -F :action=file_upload -F name=kept \
        -F version=1.0 -F filetype=bdist_wheel -F pyversion=py3 -F content=@\(file)
      """
  }
}

extension MirrorSystem {
  /// Writes the wheel that a mirror keeps, and returns its folder.
  private static func keepWheel(_ goods: PipGoods) throws -> String {
    let folder = "\(goods.folder)/wheels"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(Wheel(.kept).archive)
      .write(to: URL(filePath: "\(folder)/\(Wheel(.kept).fileName)"))
    return folder
  }

  private static let proxpi = MirrorSystem(
    "proxpi", page: "Proxpi.md", mirror: "proxpi", host: "https://proxpi.acme.example",
    needs: ["gunicorn"]
  ) { (goods: PipGoods) in
    let environment = [
      "PROXPI_INDEX_URL": "\(goods.upstream.url)/simple/",
      "PROXPI_CACHE_DIR": "\(goods.folder)/proxpi",
    ]
    return [
      try await PeerServer.start(log: "\(goods.folder)/proxpi.log", environment: environment) {
        ["gunicorn", "--bind", "127.0.0.1:\($0)", "--threads", "4", "proxpi.server:app"]
      }
    ]
  }

  private static let pypiserver = MirrorSystem(
    "pypiserver", page: "Pypiserver.md", mirror: "pypiserver",
    host: "https://pypiserver.acme.example", needs: ["pypi-server"]
  ) { (goods: PipGoods) in
    let wheels = try keepWheel(goods)
    return [
      try await PeerServer.start(log: "\(goods.folder)/pypiserver.log") { port in
        [
          "pypi-server", "run", "-i", "127.0.0.1", "-p", "\(port)", "--disable-fallback", "-a", ".",
          "-P", ".", wheels,
        ]
      }
    ]
  }

  /// What bandersnatch copied from an index, behind nginx.
  private static let bandersnatch = MirrorSystem(
    "bandersnatch", page: "Bandersnatch.md", mirror: "bandersnatch",
    host: "https://bandersnatch.acme.example", needs: ["bandersnatch"]
  ) { (goods: PipGoods) in
    try await FaultServer.run(tls: .trusted) { index in
      lay(goods, on: index)
      try await Peers.prepare(
        """
        cat > ca.pem <<EOS
        \(FaultServer.certificateAuthorityPEM)
        EOS
        mkdir bander
        cat > bander.conf <<EOS
        [mirror]
        directory = \(goods.folder)/bander
        master = \(index.url)
        json = true
        timeout = 60
        workers = 1
        hash-index = false
        simple-format = ALL
        stop-on-error = true
        storage-backend = filesystem
        compare-method = hash
        release-files = true
        EOS
        SSL_CERT_FILE=ca.pem bandersnatch -c bander.conf sync --skip-simple-root kept
        """, in: goods.folder)
    }
    return [try await Nginx.serve("\(goods.folder)/bander/web", in: goods.folder)]
  }

  /// The JSON of an index, as bandersnatch reads it.
  private static func lay(_ goods: PipGoods, on index: FaultServer) {
    let wheel = Wheel(.kept).archive
    let name = Wheel(.kept).fileName
    let path = "/packages/ab/cd/ef/\(name)"
    let file = """
      {"filename": "\(name)", "url": "\(index.url)\(path)", "size": \(wheel.count),
       "digests": {"sha256": "\(Wheel(.kept).sha256)", "md5": ""}, "yanked": false,
       "packagetype": "bdist_wheel", "python_version": "py3", "requires_python": null,
       "upload_time": "2024-01-02T03:04:05", "upload_time_iso_8601": "2024-01-02T03:04:05.000000Z"}
      """
    let text = """
      {"info": {"name": "kept", "version": "1.0"}, "last_serial": 42,
       "releases": {"1.0": [\(file)]}, "urls": [\(file)]}
      """
    index.script(path, .file(wheel))
    index.script(
      "/pypi/kept/json",
      .status(
        200, headers: ["Content-Type": "application/json", "X-PyPI-Last-Serial": "42"],
        body: Array(text.utf8)))
  }
}
