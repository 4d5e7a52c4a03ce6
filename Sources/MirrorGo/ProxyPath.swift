import MirrorCore

/// A question of the GOPROXY protocol (`go help goproxy`), sumdb proxying included.
enum ProxyPath: Hashable, Sendable {
  /// The versions that a module has.
  case list(ModulePath)
  /// The version that `latest` stands for where no version is listed.
  case latest(ModulePath)
  /// The version that a branch, a tag or a commit stands for.
  case query(ModulePath, String)
  /// The facts of a version.
  case info(ModulePath, ModuleVersion)
  /// The go.mod file of a version.
  case mod(ModulePath, ModuleVersion)
  /// The files of a version.
  case zip(ModulePath, ModuleVersion)
  /// Whether a proxy speaks for a checksum database.
  case sumSupported(String)
  /// The newest tree head of a checksum database.
  case sumLatest(String)
  /// The sums of a version.
  case sumLookup(String, ModulePath, ModuleVersion)
  /// A tile of a checksum database's tree.
  case sumTile(String, SumTile)

  /// Reads the path below a proxy's base; `nil` when it is no question of the protocol.
  init?(_ path: some StringProtocol) {
    if path.hasPrefix("sumdb/") {
      guard let question = Self.sum(path.dropFirst(6)) else { return nil }
      self = question
      return
    }
    if path.hasSuffix("/@latest") {
      guard let module = ModulePath(escaped: path.dropLast(8)) else { return nil }
      self = .latest(module)
      return
    }
    guard let mark = path.firstRange(of: "/@v/"),
      let module = ModulePath(escaped: path[..<mark.lowerBound])
    else { return nil }
    let file = path[mark.upperBound...]
    if file == "list" {
      self = .list(module)
      return
    }
    guard let dot = file.lastIndex(of: "."), let text = ModulePath.unescape(file[..<dot]) else {
      return nil
    }
    switch (file[file.index(after: dot)...], ModuleVersion(text)) {
    case ("info", let version?): self = .info(module, version)
    case ("mod", let version?): self = .mod(module, version)
    case ("zip", let version?): self = .zip(module, version)
    case ("info", nil) where ModuleVersion.isQuery(text): self = .query(module, text)
    default: return nil
    }
  }

  /// The path below a proxy's base, capital letters escaped.
  var text: String {
    switch self {
    case .list(let module): "\(module.escaped)/@v/list"
    case .latest(let module): "\(module.escaped)/@latest"
    case .query(let module, let text): "\(module.escaped)/@v/\(ModulePath.escape(text)).info"
    case .info(let module, let version): Self.text(module, version, "info")
    case .mod(let module, let version): Self.text(module, version, "mod")
    case .zip(let module, let version): Self.text(module, version, "zip")
    case .sumSupported(let name): "sumdb/\(name)/supported"
    case .sumLatest(let name): "sumdb/\(name)/latest"
    case .sumLookup(let name, let module, let version):
      "sumdb/\(name)/lookup/\(module.escaped)@\(ModulePath.escape(version.description))"
    case .sumTile(let name, let tile): "sumdb/\(name)/\(tile.path)"
    }
  }

  /// The path as the go command puts it into a URL.
  var encoded: String { Self.encode(text) }

  /// The path at a checksum database itself.
  var encodedAtDatabase: String {
    guard let database = sumDatabase else { return encoded }
    return Self.encode(text.dropFirst("sumdb/\(database)/".utf8.count))
  }

  /// Percent-encodes a path as the go command does.
  static func encode(_ text: some StringProtocol) -> String {
    PercentEncoding.encode(text, allowing: "/$&+=@")
  }

  /// The module that is asked about; `nil` where it is none in particular.
  var module: ModulePath? {
    switch self {
    case .list(let module), .latest(let module), .query(let module, _), .info(let module, _),
      .mod(let module, _), .zip(let module, _), .sumLookup(_, let module, _):
      module
    case .sumSupported, .sumLatest, .sumTile: nil
    }
  }

  /// The checksum database that is asked; `nil` where it is none.
  var sumDatabase: String? {
    switch self {
    case .sumSupported(let name), .sumLatest(let name), .sumLookup(let name, _, _),
      .sumTile(let name, _):
      name
    default: nil
    }
  }

  private static func text(
    _ module: ModulePath, _ version: ModuleVersion, _ suffix: String
  ) -> String {
    "\(module.escaped)/@v/\(ModulePath.escape(version.description)).\(suffix)"
  }

  private static func sum(_ path: some StringProtocol) -> ProxyPath? {
    let words = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    // A database's name may hold a path; the words of the protocol end it.
    for word in ["/supported", "/latest"] where path.hasSuffix(word) && !path.contains("/lookup/") {
      guard let name = databaseName(path.dropLast(word.utf8.count)) else { return nil }
      return word == "/latest" ? .sumLatest(name) : .sumSupported(name)
    }
    guard words.count == 2 else { return nil }
    if let mark = path.firstRange(of: "/lookup/") {
      let rest = path[mark.upperBound...]
      guard let name = databaseName(path[..<mark.lowerBound]), let at = rest.lastIndex(of: "@"),
        let module = ModulePath(escaped: rest[..<at]),
        let version = ModulePath.unescape(rest[rest.index(after: at)...])
          .flatMap({ ModuleVersion($0) })
      else { return nil }
      return .sumLookup(name, module, version)
    }
    guard let mark = path.firstRange(of: "/tile/"),
      let name = databaseName(path[..<mark.lowerBound]),
      let tile = SumTile(path[path.index(after: mark.lowerBound)...])
    else { return nil }
    return .sumTile(name, tile)
  }

  private static func databaseName(_ text: some StringProtocol) -> String? {
    ModulePath(text)?.description
  }
}

extension Request {
  /// What is asked of a proxy; `nil` when the request is not one of ours.
  var proxyPath: ProxyPath? { ecosystem == .go ? ProxyPath(identity) : nil }

  /// The request for a question of the protocol.
  init(_ path: ProxyPath) {
    let text = path.text
    var version: String?
    var changes = true
    switch path {
    case .info(_, let exact), .mod(_, let exact), .zip(_, let exact):
      version = exact.description
      changes = false
    case .sumTile: changes = false
    case .query(_, let query): version = query
    case .sumLookup(_, _, let exact): version = exact.description
    case .list, .latest, .sumSupported, .sumLatest: break
    }
    let package =
      path.module?.package(version: version)
      ?? PackageURL(type: "golang", name: path.sumDatabase ?? text)
    self.init(
      ecosystem: .go, identity: text, package: package,
      ownerName: path.module?.description ?? path.sumDatabase,
      origin: Locator(
        scheme: "http", host: "go.mirror.invalid", path: "/\(ProxyPath.encode(text))"),
      fileName: text.split(separator: "/").last.map { String($0) }, changes: changes,
      isRecorded: true)
  }
}
