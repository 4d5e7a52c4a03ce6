public import MirrorCore

extension Ecosystem {
  /// Go modules.
  public static let go = Ecosystem(rawValue: "go")
}

/// The language of the go command: the GOPROXY protocol, with its checksum databases behind it.
///
/// The go command is pointed at one proxy, ours, and goes on checking go.sum and the checksum database
/// itself. Versions never change; lists, `latest`, branches and look-ups are frozen in the lock.
public struct GoResolver: Resolver {
  /// `go`.
  public let ecosystem = Ecosystem.go

  private let sums = KnownSums()
  private let heads = SumHeads()

  /// Creates the resolver.
  public init() {}

  /// Sets GOPROXY and a private module cache; private modules come to us too.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) -> Redirection {
    let environment = surroundings.environment
    sums.learn(
      near: environment["PWD"],
      naming: (environment["MIRROR_GOSUM"] ?? "").split(separator: ":").map { String($0) })
    let settings = GoSettings(environment: environment)
    // Without write permission nobody but root could remove the cache at the end.
    let flags = [settings["GOFLAGS"], "-modcacherw"].compactMap { $0 }.joined(separator: " ")
    var redirection = Redirection(
      // A login in the URL would be refused on plain http, and netrc is not read for it either. Private
      // modules pass a proxy by, so none is to count as one here; whether their sums are looked up
      // stays as the user has it.
      environment: ["GOPROXY": gateway.pathURL("go"), "GONOPROXY": "none"],
      // A go.mod of its own keeps the cache out of the module around it, where the store is in one.
      files: ["\(scratch)/go.mod": "module scratch.mirror.invalid\n"],
      caches: ["GOMODCACHE": "\(scratch)/go-modules", "GOFLAGS": flags])
    // A checksum database with a URL of its own would be asked past the proxy.
    if let key = settings.sumDatabaseKey { redirection.environment["GOSUMDB"] = key }
    return redirection
  }

  /// Answers the questions of the GOPROXY protocol.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    guard case .path(let text) = query.target,
      let path = ProxyPath(PercentEncoding.decode(text))
    else { return nil }
    switch path {
    case .sumSupported:
      // What we cannot get is refused with a reason; a "no" would send go past us.
      return .document(Document(type: path.type, bytes: []))
    case .sumTile(let database, let tile):
      return frozen.flatMap { widerTile(than: tile, of: database, in: $0) }
        ?? .artifact(Request(path))
    default:
      return .artifact(Request(path))
    }
  }

  /// Takes `pkg:golang/MODULE@VERSION`: the zip of that version.
  public func request(naming name: String) -> Request? {
    guard let package = PackageURL(name), package.type == "golang",
      let module = ModulePath(
        package.namespace.isEmpty ? package.name : "\(package.namespace)/\(package.name)"),
      let version = package.version.flatMap({ ModuleVersion($0) })
    else { return nil }
    var request = Request(.zip(module, version))
    if let digest = package.qualifiers["checksum"].flatMap({ Digest($0) }) {
      request.digests = [digest]
    }
    return request
  }

  /// Takes the path at a proxy.
  public func request(for entry: LockEntry) -> Request? {
    ProxyPath(entry.identity).map { Request($0) }
  }

  /// A tree of the GOPROXY protocol (`go help goproxy`), checksum databases included.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) -> [StaticFile]? { ProxyTree(entries).files }

  /// The user's own GOPROXY list.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    GoOrigin(over: transport, in: surroundings, heads: heads)
  }

  /// The words of GOPROXY.
  public func upstreams(in surroundings: Surroundings) async -> [String] {
    let list = await GoSettings.asked(of: surroundings)["GOPROXY"] ?? ""
    return list.split { $0 == "," || $0 == "|" }.map { Locator(String($0))?.identity ?? String($0) }
  }

  /// A proxy, unless the configuration gives it a layout.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    GoMirror(settings, over: transport, heads: heads)
  }

  /// The sums and the form of a module's files.
  public var verifier: (any Verifier)? { ModuleVerifier(sums: sums) }

  /// The file that `go env -w` writes for root, which survives sudo.
  public func nativeFiles(for place: NativePlace, in surroundings: Surroundings) -> [NativeFile] {
    let settings = GoSettings(environment: surroundings.environment)
    var database = settings["GOSUMDB"]
    let proxy: Locator
    switch place {
    case .mirror(let settings): proxy = settings.url
    case .gateway(let url):
      proxy = url.appending("go")
      database = settings.sumDatabaseKey ?? database
    }
    var lines = ["GOPROXY=\(proxy.identity)"]
    if let database { lines.append("GOSUMDB=\(database)") }
    if let patterns = settings["GONOSUMDB"] ?? settings["GOPRIVATE"] {
      // Private modules come from the same place, and their sums are still nobody's business.
      lines += ["GONOPROXY=none", "GONOSUMDB=\(patterns)"]
    }
    return [
      NativeFile(path: "/root/.config/go/env", text: lines.map { "\($0)\n" }.joined())
    ]
  }

  /// A partial tile that is not in the lock, as the beginning of one that is.
  private func widerTile(
    than tile: SumTile, of database: String, in lock: Lockfile
  ) -> Answer? {
    guard let size = tile.size, lock.entry(for: Request(.sumTile(database, tile))) == nil,
      let wider = tile.wider.map({ Request(.sumTile(database, $0)) })
        .first(where: { lock.entry(for: $0)?.bytes != nil })
    else { return nil }
    return .page(wider) { bytes, _ throws(MirrorError) in
      Document(type: "application/octet-stream", bytes: Array(bytes.prefix(size)))
    }
  }
}
