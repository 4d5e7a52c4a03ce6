import MirrorCore

/// A source of repositories: another server, a bare tree, a folder, or the address that a tool typed.
///
/// It answers the look-up of a repository's refs when all of their objects are in the store, and the
/// request for an object when that one is. The bytes of a large file it gives.
struct GitMirror: Mirror {
  let name: String
  private let settings: SourceSettings?
  private let surroundings: Surroundings
  private let patience: GitPatience
  private let credentials: CredentialReader
  private let transport: any Transport

  /// - Parameter settings: those of a mirror of the configuration; `nil` for the origin, which is git itself
  ///   with all that the user has set up for it.
  init(
    _ settings: SourceSettings?, in surroundings: Surroundings, over transport: any Transport,
    patience: GitPatience? = nil
  ) {
    name = settings?.name ?? "origin"
    self.transport = transport
    self.settings = settings
    self.surroundings = surroundings
    self.patience = patience ?? GitPatience(timeLimit: surroundings.timeLimit)
    credentials = CredentialReader(
      environment: surroundings.environment, programs: surroundings.programs)
  }

  func endpoint(for request: Request) -> String? {
    settings?.url.endpoint ?? request.origin.endpoint
  }

  func location(of request: Request) -> String? {
    let file = LargeFile(request)
    let address = address(of: file?.place.repository ?? GitRepository(request.origin))
    return address.map { Locator.redacting($0) }
  }

  func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding {
    if let file = LargeFile(request) { return try await fetch(file, request, to: sink) }
    let repository = GitRepository(request.origin)
    guard let address = address(of: repository) else { return .nothing(nil) }
    let shelf = try RepositoryShelf(surroundings)
    var client = try await client(for: request, repository)
    var place = address
    if let settings, settings.url.scheme.hasPrefix("http"), address.hasSuffix(".bundle") {
      guard let locator = Locator(address) else { return .nothing(nil) }
      place = try shelf.draft(of: "bundle")
      client.protocols = "file"
      let retrieval = settings.retrieval(of: locator, for: request)
      guard try await BundleFile.fetch(retrieval, over: transport, to: place) else {
        return .nothing(nil)
      }
    }
    defer { if place != address { Disk.remove(place) } }
    let transfer = RepositoryTransfer(
      repository: repository, address: place, client: client, shelf: shelf)
    switch try await outcome(of: transfer, request, shelf) {
    case .absent(let words):
      return .nothing(.absence(words))
    case .fetched(let bytes):
      // A server that gives nothing for everything looks like a repository without refs, which a
      // mirror has no reason to keep. At the origin it is what git itself would take it for.
      if bytes.isEmpty, settings != nil {
        throw MirrorError(.unavailable, "\(request.identity): \(name) gave no refs at all")
      }
      if let recorded = request.sha256, request.changes, ContentHash.sha256(of: bytes) != recorded {
        return try moved(request)
      }
      if request.changes { try await shelf.show(bytes, of: repository) }
      let content = Content(
        location: GitRepository(address)?.identity ?? address, type: "text/plain; charset=utf-8")
      try sink.receive(bytes, as: content)
      return .content(content)
    }
  }

  /// What a source comes to that shows other refs than those of the lock: another one may have them.
  private func moved(_ request: Request) throws(MirrorError) -> Finding {
    let words =
      "\(request.identity): \(name) has other refs now, and the store does not have the list of those in "
      + "the lock; bring along the files of the store that recorded them, or record anew"
    guard settings == nil else { return .nothing(.absence(words)) }
    throw MirrorError(.refused, words)
  }

  private func outcome(
    of transfer: RepositoryTransfer, _ request: Request, _ shelf: RepositoryShelf
  ) async throws(MirrorError) -> RepositoryTransfer.Outcome {
    guard request.changes else {
      guard let id = request.attributes["commit"], RefList.isObject(id) else {
        return .absent("\(request.identity): is no object")
      }
      return try await transfer.object(id)
    }
    if let digest = request.sha256, let recorded = try shelf.recorded(digest) {
      return try await transfer.refs(recorded: recorded)
    }
    return try await transfer.refs(pin: request.attributes["commit"], digest: request.sha256)
  }

  // MARK: Large files

  private func fetch(
    _ file: LargeFile, _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let repository = file.place.repository
    // A mirror of repositories has the files of its repositories; those of another server are not
    // below any of its paths.
    guard settings == nil || file.place.isOfRepository, let address = address(of: repository) else {
      return .nothing(nil)
    }
    if settings?.url.scheme == "file" {
      return try await get(file, in: address, request, to: sink) ?? .nothing(nil)
    }
    let client = try await client(for: request, repository, isScoped: true)
    let transfer = LargeFileTransfer(
      file: file, address: address, client: client, shelf: try RepositoryShelf(surroundings))
    switch try await transfer.fetch(to: sink) {
    case .fetched:
      return .content(Content(location: address, type: "application/octet-stream"))
    case .absent(let words):
      if let finding = try await get(file, in: address, request, to: sink) { return finding }
      return .nothing(.absence(words))
    }
  }

  /// Gets a large file from a bare tree of a mirror's; `nil` where that cannot be.
  private func get(
    _ file: LargeFile, in address: String, _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding? {
    guard let settings, ["http", "https", "file"].contains(settings.url.scheme) else { return nil }
    let base =
      settings.url.scheme == "file"
      ? "file://\(PercentEncoding.encode(address, allowing: "/"))" : address
    guard let locator = Locator("\(base)/\(file.pathInRepository)") else { return nil }
    return try await transport.get(settings.retrieval(of: locator, for: request), to: sink)
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
    for request: Request, _ repository: GitRepository, isScoped: Bool = false
  ) async throws(MirrorError) -> GitClient {
    var client = GitClient(
      surroundings: surroundings, patience: patience, subject: request.identity, source: name,
      absentCodes: settings?.absentCodes ?? [])
    client.credential = settings?.credential
    client.isConfigured = settings != nil
    if settings == nil, !surroundings.showsLogins {
      // Only what the server's user set up leads to folders, and no ssh goes without a login.
      client.protocols = "https:http:git:file"
      guard !["ssh", "scp"].contains(repository.locator.scheme) else {
        throw MirrorError(
          .denied,
          "\(request.identity): \(name): ssh would show whoever asks what the server's own key opens; "
            + "start mirror serve with --token-file, or name a mirror that has the repository")
      }
    }
    let scheme = settings?.url.scheme ?? repository.locator.scheme
    // What was asked for in confidence is not taken from a redirect without it.
    if scheme == "https", settings != nil { client.protocols = "https" }
    guard let login = try await login(of: repository) else { return client }
    // Git would show the header to whoever it is redirected to, and git-lfs to every server of files.
    let scope = isScoped ? "http.\((settings?.url ?? repository.locator).endpoint)/" : "http"
    client.settings = [
      ("\(scope).extraHeader", "Authorization: \(login.reveal())"),
      ("http.followRedirects", "false"),
    ]
    return client
  }

  /// The Authorization header, for the environment of git: never an argument, never in a file.
  private func login(of repository: GitRepository) async throws(MirrorError) -> Secret? {
    guard let settings else { return repository.login?.authorization }
    guard let reference = settings.credential else { return nil }
    return try await credentials.authorization(reference, for: settings.url, of: name)
  }
}
