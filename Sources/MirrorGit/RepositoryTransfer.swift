import MirrorCore

/// Brings a repository from a source into the store.
struct RepositoryTransfer: Sendable {
  /// What came of it.
  enum Outcome: Sendable {
    /// The objects are in the store; these bytes are the answer.
    case fetched([UInt8])
    /// The source has no such thing, for this reason.
    case absent(String)
  }

  let repository: GitRepository
  let address: String
  let client: GitClient
  let shelf: RepositoryShelf

  /// How often refs may move between the look-up and the fetch.
  private static let rounds = 4

  /// The refs of the source, with every object behind them in the store.
  ///
  /// - Parameters:
  ///   - pin: the commit that HEAD must be.
  ///   - digest: what the refs must hash to, where that is known.
  func refs(pin: String?, digest: Digest? = nil) async throws(MirrorError) -> Outcome {
    // A lock made of nothing but commits: whatever refs there are, these are the ones to show.
    let only = pin.map { RefList(only: $0).bytes }.flatMap { bytes in
      digest == ContentHash.sha256(of: bytes) ? bytes : nil
    }
    // Not every source gives what no ref of its own stands for; it may be behind one.
    if let pin, let only, case .fetched = try await object(pin) { return .fetched(only) }
    var absence: String?
    for _ in 0..<Self.rounds {
      guard let (listing, isChecked) = try await list(nil, &absence) else {
        return .absent("\(repository.identity): \(client.source): \(absence ?? "is not there")")
      }
      let refs = try RefList(listing, of: "\(client.subject): \(client.source)")
      if refs.isEmpty {
        guard let pin, only != nil else { return .fetched([]) }
        return absent(pin)
      }
      if try await !shelf.has(refs.tips, of: repository) {
        guard try await fetch(refs, isChecked, &absence) else { continue }
      }
      guard try await shelf.has(refs.tips, of: repository) else { continue }
      guard let pin else { return .fetched(refs.bytes) }
      guard case .fetched = try await object(pin) else {
        return absent(pin)
      }
      return .fetched(only ?? refs.pinned(to: pin).bytes)
    }
    throw MirrorError(
      .unavailable, "\(client.subject): the refs of \(client.source) do not stand still; try again")
  }

  /// Refs of which the store has the record, but not all of the objects.
  func refs(recorded: RefList) async throws(MirrorError) -> Outcome {
    var absence: String?
    if try await !shelf.has(recorded.tips, of: repository) {
      // Most of it is what the source has now, and comes in one go.
      guard let (listing, isChecked) = try await list(nil, &absence) else {
        return .absent("\(repository.identity): \(client.source): \(absence ?? "is not there")")
      }
      _ = try await fetch(
        RefList(listing, of: "\(client.subject): \(client.source)"), isChecked, &absence)
    }
    for id in recorded.tips.sorted() {
      guard case .fetched = try await object(id) else {
        return .absent(
          "\(repository.identity): \(client.source) does not have the recorded object \(id)")
      }
    }
    return .fetched(recorded.bytes)
  }

  private func absent(_ pin: String) -> Outcome {
    .absent("\(repository.identity): \(client.source) does not have the pinned commit \(pin)")
  }

  /// An object that the refs need not lead to.
  func object(_ id: String) async throws(MirrorError) -> Outcome {
    let place = try await shelf.prepare(repository, usesSHA256: id.utf8.count == 64)
    let receipt = Outcome.fetched(Array(repository.receipt(for: id).utf8))
    if try await shelf.has([id], of: repository) { return receipt }
    // What is behind a ref is complete; a commit in the middle of a history has no ref of its own.
    if try await shelf.isComplete(id, in: place) { return receipt }
    var absence: String?
    guard let (_, isChecked) = try await list("HEAD", &absence),
      try await fetch(
        ["+\(id):refs/kept/\(id)"], into: place, wanted: id, isChecked: isChecked, &absence)
    else {
      return .absent("\(repository.identity): \(client.source) does not have \(id)")
    }
    return receipt
  }

  // MARK: Git

  /// Lists the refs of the source.
  ///
  /// - Returns: the list, and whether the source sends packs, which git checks while it takes them in; files
  ///   of a bundle, or of a repository behind plain HTTP, it takes as they are. `nil` when it is not there.
  private func list(
    _ pattern: String?, _ absence: inout String?
  ) async throws(MirrorError) -> (listing: [UInt8], isChecked: Bool)? {
    let trace = try shelf.draft(of: "trace")
    defer { Disk.remove(trace) }
    var client = client
    client.variables["GIT_TRACE2_EVENT"] = trace
    let words = ["ls-remote", "--symref", "--quiet", address] + (pattern.map { [$0] } ?? [])
    guard let listing = try await client.run(words, .brief, absence: &absence) else { return nil }
    // A server of git's own negotiates a version of the protocol, and git notes down which (2.34).
    let notes = String(decoding: try Disk.read(trace) ?? [], as: UTF8.self)
    return (listing, notes.contains(#""negotiated-version""#))
  }

  /// Fetches everything the source has.
  ///
  /// - Returns: whether it could be; a ref may be gone since it was listed.
  private func fetch(
    _ refs: RefList, _ isChecked: Bool, _ absence: inout String?
  ) async throws(MirrorError) -> Bool {
    let place = try await shelf.prepare(repository, usesSHA256: refs.usesSHA256)
    var rules = ["+refs/*:refs/now/*"]
    if refs.refs["HEAD"] != nil { rules.append("+HEAD:refs/head") }
    return try await fetch(
      rules, into: place, prunes: true, isChecked: isChecked, &absence)
  }

  /// Fetches what rules (`+THEIRS:OURS`) name, all of it checked before it is in the store.
  private func fetch(
    _ rules: [String], into place: String, prunes: Bool = false, wanted: String? = nil,
    isChecked: Bool, _ absence: inout String?
  ) async throws(MirrorError) -> Bool {
    var client = client
    client.wanted = wanted
    let isAloud = try await isSilentlyEndless
    let verbosity = isAloud ? "--progress" : "--quiet"
    let wait = isAloud ? GitClient.Wait.aloud : .quiet
    guard !isChecked else {
      client.prefix = FetchScript(place: place, isAloud: isAloud).prefix
      let words = Self.fetching(
        into: place, [verbosity, prunes ? "--prune" : "--no-prune", address])
      return try await client.run(words + rules, wait, absence: &absence) != nil
    }
    let draft = try await shelf.makeBorrower(of: place)
    defer { Disk.removeTree(draft) }
    let words = Self.fetching(into: draft, [verbosity, "--no-prune", address])
    guard try await client.run(words + rules, wait, absence: &absence) != nil else { return false }
    // From there git takes it as from a server.
    client.settings = []
    client.protocols = "file"
    client.prefix = FetchScript(place: place).prefix
    let ours = rules.compactMap { rule in
      rule.split(separator: ":").last.map { "+\($0):\($0)" }
    }
    let taking = Self.fetching(into: place, ["--quiet", prunes ? "--prune" : "--no-prune", draft])
    return try await client.run(taking + ours, .quiet, absence: &absence) != nil
  }

  private static func fetching(into place: String, _ words: [String]) -> [String] {
    [
      "--git-dir", place, "fetch", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
      "--no-auto-maintenance",
    ] + words
  }

  /// Whether git would wait for ever when the source falls silent: it has limits for HTTP alone.
  private var isSilentlyEndless: Bool {
    get async throws(MirrorError) {
      let address = try await client.rewritten(address)
      return !["http://", "https://", "file://", "/"].contains { address.hasPrefix($0) }
    }
  }
}
