import MirrorCore

/// A source of repositories: another server, a bare tree, a folder, or the address that a tool typed.
///
/// It answers the look-up of a repository's refs when all of their objects are in the store, and the
/// request for an object when that one is.
struct GitMirror: Mirror {
  let name: String
  private let settings: SourceSettings?
  private let surroundings: Surroundings
  private let patience: GitPatience

  /// A mirror of the configuration.
  init(_ settings: SourceSettings, in surroundings: Surroundings, patience: GitPatience? = nil) {
    name = settings.name
    self.settings = settings
    self.surroundings = surroundings
    self.patience = patience ?? GitPatience(timeLimit: surroundings.timeLimit)
  }

  /// The origin: git itself, with all that the user has set up for it.
  init(originIn surroundings: Surroundings, patience: GitPatience? = nil) {
    name = "origin"
    settings = nil
    self.surroundings = surroundings
    self.patience = patience ?? GitPatience(timeLimit: surroundings.timeLimit)
  }

  func endpoint(for request: Request) -> String? {
    settings?.url.endpoint ?? request.origin.endpoint
  }

  func location(of request: Request) -> String? {
    let address = address(of: GitRepository(request.origin))
    return address.map { Locator.redacting($0) }
  }

  func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding {
    let repository = GitRepository(request.origin)
    guard let address = address(of: repository) else { return .nothing(nil) }
    let client = try await client(for: request, repository)
    let shelf = try RepositoryShelf(surroundings)
    let transfer = RepositoryTransfer(
      repository: repository, address: address, client: client, shelf: shelf)
    let outcome: RepositoryTransfer.Outcome
    if request.changes {
      outcome = try await transfer.refs(
        pin: request.attributes["commit"], digest: request.sha256)
    } else if let id = request.attributes["commit"], RefList.isObject(id) {
      outcome = try await transfer.object(id)
    } else {
      return .nothing(nil)
    }
    switch outcome {
    case .absent(let words):
      return .nothing(
        Reply(status: 404, type: "text/plain", body: Array("mirror: \(words)\n".utf8)))
    case .fetched(let bytes):
      // A server that gives nothing for everything looks like a repository without refs, which a
      // mirror has no reason to keep. At the origin it is what git itself would take it for.
      if bytes.isEmpty, settings != nil {
        throw MirrorError(.unavailable, "\(request.identity): \(name) gave no refs at all")
      }
      let content = Content(
        location: GitRepository(address)?.identity ?? address, type: "text/plain; charset=utf-8")
      try sink.receive(bytes, as: content)
      return .content(content)
    }
  }

  // MARK: Addresses

  /// What git is asked for; `nil` when the mirror's paths cannot name the repository.
  private func address(of repository: GitRepository) -> String? {
    guard let settings else { return repository.url }
    guard let path = RepositoryLayout(settings.repositories).path(of: repository) else {
      return nil
    }
    let base = settings.url.path.hasSuffix("/") ? settings.url.path : settings.url.path + "/"
    if settings.url.scheme == "file" { return PercentEncoding.decode(base + path) }
    let user = settings.url.userInfo.map { "\($0.reveal())@" } ?? ""
    return "\(settings.url.scheme)://\(user)\(settings.url.authority)\(base)\(path)"
  }

  private func client(
    for request: Request, _ repository: GitRepository
  ) async throws(MirrorError) -> GitClient {
    var client = GitClient(
      surroundings: surroundings, patience: patience, subject: request.identity, source: name,
      absentCodes: settings?.absentCodes ?? [])
    client.credential = settings?.credential
    let scheme = settings?.url.scheme ?? repository.locator.scheme
    // What was asked for in confidence is not taken from a redirect without it.
    if scheme == "https", settings != nil { client.protocols = "https" }
    guard let login = try await login(of: repository) else { return client }
    // Git would show the header to whoever it is redirected to.
    client.settings = [
      ("http.extraHeader", "Authorization: \(login.reveal())"), ("http.followRedirects", "false"),
    ]
    return client
  }

  /// The Authorization header, for the environment of git: never an argument, never in a file.
  private func login(of repository: GitRepository) async throws(MirrorError) -> Secret? {
    guard let settings else { return repository.login.map { Self.authorization($0.reveal()) } }
    guard let reference = settings.credential else { return nil }
    let text: String?
    switch reference {
    case .environment(let name): text = surroundings.environment[name]
    case .file(let path): text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) }
    case .command(let words): text = await surroundings.ask(words)
    }
    guard let line = text?.split(whereSeparator: \.isNewline).first, !line.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(name): the credential \(reference) is empty or cannot be read")
    }
    return Self.authorization(String(line))
  }

  /// Basic for `user:password`, Bearer for anything else (RFC 7617, RFC 6750).
  private static func authorization(_ text: String) -> Secret {
    Secret(text.contains(":") ? "Basic \(Base64.encode(text.utf8))" : "Bearer \(text)")
  }
}
