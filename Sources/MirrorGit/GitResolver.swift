public import MirrorCore

extension Ecosystem {
  /// Git repositories.
  public static let git = Ecosystem(rawValue: "git")
}

/// The language of git: smart HTTP (gitprotocol-http(5)), versions 0 to 2, served by git's own upload-pack,
/// and that of Git LFS.
///
/// Git is led here by its own `insteadOf`, so that commands, `.git/config` and submodules keep their
/// addresses. A look-up of refs is what the lock holds; in a frozen run a repository has exactly these.
public struct GitResolver: Resolver {
  /// `git`.
  public let ecosystem = Ecosystem.git
  private let pins: GitPins
  private let views = RepositoryViews()

  /// Creates the resolver.
  ///
  /// - Parameter pins: commits that repositories are held to.
  public init(pins: GitPins = GitPins()) { self.pins = pins }

  /// Rewrites addresses in the environment, behind the user's own settings there.
  ///
  /// The user's rules are read without those of a gateway around this one, such as one that `mirror env`
  /// has laid before.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) async -> Redirection {
    let rewriting = GitRewriting(gateway: gateway, rules: await userRules(surroundings))
    let changes = rewriting.settings.changes(to: surroundings.environment)
    let isOwn = !GitSettings(ownIn: surroundings.environment).pairs.isEmpty
    return Redirection(
      environment: changes.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 },
      // They are counted together.
      personal: isOwn ? Set(changes.keys) : [])
  }

  /// Answers `git/SCHEME/HOST/PATH/info/refs` and what git asks after it.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    guard case .path(let path) = query.target else { return nil }
    if let question = LargeFileQuestion(path, method: query.method) { return answer(to: question) }
    guard let question = GitQuestion(path, method: query.method) else { return nil }
    let repository = question.repository
    let pack = UploadPack(
      repository: repository, refs: repository.refs(pin: pins.commit(of: repository)), views: views)
    switch question.matter {
    case .advertisement:
      return .conversation { conversation throws(MirrorError) in
        try await pack.advertise(conversation)
      }
    case .uploadPack:
      return .conversation { conversation throws(MirrorError) in
        await pack.answer(conversation)
      }
    case .service(let name):
      // As git's own server refuses a service that is not enabled (http-backend.c).
      // Git takes a remote's pushurl for an address to read, and comes here with it.
      let words =
        "mirror: \(name) is not carried; a push goes to the original, but for one to a pushurl: unset "
        + "remote.NAME.pushurl, or push outside of mirror run\n"
      return .document(Document(status: 403, type: "text/plain", bytes: Array(words.utf8)))
    }
  }

  /// Answers what git-lfs asks.
  private func answer(to question: LargeFileQuestion) -> Answer {
    switch question.matter {
    case .batch:
      return .conversation { conversation throws(MirrorError) in
        guard let host = conversation.headers["host"] else {
          return Speech(LargeFileBatch.refusal(400, "the question names no host"))
        }
        return Speech(LargeFileBatch(question: question).answer(to: conversation.body, host: host))
      }
    case .file(let file):
      return .artifact(file.request)
    case .locks:
      return .conversation { _ throws(MirrorError) in
        Speech(
          LargeFileBatch.refusal(
            403, "locks are not carried; ask the original, outside of mirror run"))
      }
    }
  }

  /// Takes addresses that only git understands, and `pkg:generic/` with a `vcs_url` of git's.
  public func request(naming name: String) -> Request? {
    if let package = PackageURL(name) {
      guard let url = package.qualifiers["vcs_url"], url.hasPrefix("git+") else { return nil }
      return request(of: String(url.dropFirst(4)))
    }
    if name.hasPrefix("git+") { return request(of: String(name.dropFirst(4))) }
    let isWeb = ["https://", "http://"].contains { name.hasPrefix($0) }
    if name.contains("/info/lfs/objects/"), let file = Locator(name).flatMap({ LargeFile($0) }) {
      return file.request
    }
    let isMarked = name.hasSuffix(".git") || name.hasSuffix(".git/") || name.contains(".git@")
    guard !isWeb || isMarked else { return nil }
    return request(of: name)
  }

  /// Takes the name of a repository, of an object in one, or of a large file.
  public func request(for entry: LockEntry) -> Request? {
    guard let url = Locator(entry.origin ?? entry.identity) else { return nil }
    // A lock comes from anywhere: it names no folder of this machine.
    let repository =
      url.scheme == "scp"
      ? GitRepository(scheme: "scp", rest: "\(url.host):\(url.path.dropFirst())")
      : GitRepository(entry.origin ?? entry.identity)
    guard let repository else { return nil }
    guard !entry.changes else { return repository.refs() }
    guard let id = entry.attributes["commit"] else { return LargeFile(url)?.request }
    return repository.object(id)
  }

  /// Large files, where bare repositories keep them.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]? { try BareTree(entries, of: self).files }

  /// Bare repositories at `HOST/PATH.git`, each with the refs of the lock and no other object than theirs.
  public func writeFolders(
    of entries: [LockEntry], to folder: String, in surroundings: Surroundings
  ) async throws(MirrorError) -> Int {
    try await BareTree(entries, of: self).write(to: folder, from: RepositoryShelf(surroundings))
  }

  /// Git itself.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    GitMirror(nil, in: surroundings, over: transport)
  }

  /// Its bytes are refs, or receipts for objects.
  public var verifier: (any Verifier)? { RefVerifier() }

  /// Looks at the objects that refs and receipts stand for.
  public func survey(
    _ entry: LockEntry, in surroundings: Surroundings
  ) async throws(MirrorError) -> Bool {
    let shelf = try RepositoryShelf(surroundings)
    if entry.changes {
      return try await shelf.check(entry.identity, refs: entry.bytes?.digest)
    }
    guard let id = entry.attributes["commit"] else { return true }
    return try await shelf.check(
      String(entry.identity.dropLast(id.count + 1)), refs: nil, object: id)
  }

  /// The addresses that the user's git reads others from.
  public func upstreams(in surroundings: Surroundings) async -> [String] {
    await userRules(surroundings).map { rule in
      "\(Locator(rule.base)?.identity ?? Locator.redacting(rule.base)) instead of \(rule.prefix)"
    }
  }

  /// Another server of repositories, a bare tree or a folder.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    GitMirror(settings, in: surroundings, over: transport)
  }

  private func userRules(_ surroundings: Surroundings) async -> [GitRewriting.Rule] {
    var own = surroundings
    for (name, value) in GitSettings().changes(to: own.environment) {
      own.environment[name] = value
    }
    let rules = await own.ask([
      "git", "config", "--null", "--get-regexp", "^url\\..*\\.insteadof$",
    ])
    return rules.map { GitRewriting.rules(in: $0) } ?? []
  }

  /// `/etc/gitconfig`, which leads every git of an image to a gateway, or to a mirror whose paths begin with
  /// those of the upstream; git has no template for others.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] {
    let text: String? =
      switch place {
      case .gateway(let url): GitRewriting.file(for: url)
      case .mirror(let settings): GitRewriting.file(for: settings)
      }
    return text.map { [NativeFile(path: "/etc/gitconfig", text: $0)] } ?? []
  }

  /// The request for `URL` or `URL@COMMIT`.
  private func request(of address: String) -> Request? {
    if let at = address.lastIndex(of: "@"), RefList.isObject(address[address.index(after: at)...]) {
      return GitRepository(String(address[..<at]))?.object(
        String(address[address.index(after: at)...]))
    }
    return GitRepository(address).map { $0.refs(pin: pins.commit(of: $0)) }
  }
}
