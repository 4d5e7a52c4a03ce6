public import MirrorCore

extension Ecosystem {
  /// Python packages: pip, uv and everything that speaks the simple API.
  public static let pip = Ecosystem(rawValue: "pip")
}

/// The language of pip, uv, poetry and pdm: the simple repository API.
///
/// The tools are pointed at one index, ours. In a frozen run a project's page lists exactly the files
/// of the lock, so that a tool can only choose what was recorded.
public struct PipResolver: Resolver {
  /// `pip`.
  public let ecosystem = Ecosystem.pip

  /// Creates the resolver.
  public init() {}

  /// Sets the index, private caches, and the patience that a verified download needs.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) -> Redirection {
    let index = gateway.url("pip/simple/")
    let configuration = PipConfiguration(environment: surroundings.environment)
    var redirection = Redirection(environment: [
      "PIP_INDEX_URL": index, "UV_DEFAULT_INDEX": index,
      "PIP_EXTRA_INDEX_URL": nil, "UV_EXTRA_INDEX_URL": nil, "UV_INDEX": nil, "UV_INDEX_URL": nil,
      // A pinned file is verified before its first byte is delivered; the gateway keeps the time.
      "PIP_DEFAULT_TIMEOUT": "600", "UV_HTTP_TIMEOUT": "600",
      // Whether there is a newer pip is no part of a build; a frozen run refuses the question, and fails.
      "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    ])
    // pip trusts a plain http index on loopback only, unless it is named.
    if !["127.0.0.1", "localhost", "::1"].contains(gateway.host) {
      redirection.environment["PIP_TRUSTED_HOST"] = gateway.authority
    }
    redirection.caches = [
      "PIP_CACHE_DIR": "\(scratch)/pip-cache", "UV_CACHE_DIR": "\(scratch)/uv-cache",
    ]
    if configuration.hasExtraIndexesInFile {
      // The variable outweighs the file only when it is set, and the same index twice does no harm.
      redirection.environment["PIP_EXTRA_INDEX_URL"] = index
    }
    redirection.gaps = configuration.findLinks.map {
      "pip also takes files from \($0) (find-links); those are not recorded"
    }
    return redirection
  }

  /// Answers `pip/simple/PROJECT/` and the links of its pages.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    guard case .path(let path) = query.target else { return nil }
    let words = path.split(separator: "/", omittingEmptySubsequences: true)
    switch words.first {
    case "simple" where words.count == 2:
      let project = ProjectName.normalise(PercentEncoding.decode(words[1]))
      guard ProjectName.isName(project) else { return nil }
      let request = pageRequest(of: project)
      if let frozen { return frozenPage(of: project, in: frozen, request, query) }
      return .page(request) { bytes, content throws(MirrorError) in
        let page = try ProjectPage(
          bytes, content, project: project, location: request.origin)
        return Self.document(page, of: project, for: query)
      }
    case "file" where words.count == 3:
      let link = FileLink(facts: words[1], fileName: PercentEncoding.decode(words[2]))
      return link?.request.map { .artifact($0) }
    default:
      return nil
    }
  }

  /// Takes `pkg:pypi/NAME@VERSION?file_name=FILE`.
  public func request(naming name: String) -> Request? {
    guard var package = PackageURL(name), package.type == "pypi" else { return nil }
    package.name = ProjectName.normalise(package.name)
    guard let fileName = package.qualifiers["file_name"] else { return nil }
    package.version = ProjectName.version(of: fileName, in: package.name) ?? package.version
    let digest = package.qualifiers["checksum"].flatMap { Digest($0) }
    package.qualifiers = ["file_name": fileName]
    return Request(
      ecosystem: ecosystem, identity: package.description, package: package,
      origin: Self.nowhere, fileName: fileName,
      digests: digest.map { [$0] } ?? [])
  }

  /// A simple index below `simple`, with its files beside it below `packages`.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) -> [StaticFile]? { IndexTree(entries).files }

  /// The indexes that pip is configured with.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    let indexes = PipIndexes(surroundings)
    return IndexMirror(originOver: transport) { () async throws(MirrorError) in
      try await indexes.all()
    }
  }

  /// The indexes, that which pip has built in included.
  public func upstreams(in surroundings: Surroundings) async -> [String] {
    let indexes = try? await PipConfiguration.indexes(in: surroundings)
    return (indexes ?? []).map(\.identity)
  }

  /// An index.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    IndexMirror(settings, over: transport)
  }

  /// `/etc/pip.conf`, which reaches every pip of an image.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] {
    let index =
      switch place {
      case .mirror(let settings): settings.url
      case .gateway(let url): url.appending("pip/simple/")
      }
    return [NativeFile(path: "/etc/pip.conf", text: "[global]\nindex-url = \(index.identity)\n")]
  }

  // MARK: Pages

  /// Where a thing without a URL of its own is: nowhere that could be asked.
  private static let nowhere = Locator(scheme: "http", host: "pip.mirror.invalid")

  private func pageRequest(of project: String) -> Request {
    Request(
      ecosystem: ecosystem, identity: "pkg:pypi/\(project)",
      package: PackageURL(type: "pypi", name: project), origin: Self.nowhere, changes: true)
  }

  /// The page of exactly the files in the lock.
  private func frozenPage(
    of project: String, in lock: Lockfile, _ request: Request, _ query: Query
  ) -> Answer {
    let mine = lock.entries(of: ecosystem, beginning: "pkg:pypi/\(project)")
    guard let files = LockedProject.all(in: mine).first(where: { $0.name == project })?.files else {
      return .nothing(
        request, reason: MirrorError(.refused, "\(request.identity): no file of it is in the lock"))
    }
    return .document(
      Self.document(ProjectPage(name: project, files: files), of: project, for: query))
  }

  /// A page for a tool, in the form it reads, with links that lead to us.
  private static func document(
    _ page: ProjectPage, of project: String, for query: Query
  ) -> Document {
    // A link is resolved against the page's URL, in which PEP 503 wants a slash at the end.
    let isFolder = if case .path(let path) = query.target { path.hasSuffix("/") } else { true }
    let root = isFolder ? "../../" : "../"
    var page = page
    page.files = page.files.map { file in
      var file = file
      file.url = root + FileLink(file, of: project).reference
      file.coreMetadata = file.metadata
      file.distInfoMetadata = file.metadata
      file.misnamedMetadata = nil
      return file
    }
    let readsJSON = ["v1+json", "latest+json"].contains { query.accept?.contains($0) ?? false }
    return readsJSON
      ? Document(type: ProjectPage.json, bytes: page.encoded)
      : Document(type: "text/html; charset=utf-8", bytes: Array(HTMLPage.render(page).utf8))
  }
}
