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
    if let pin, let digest {
      // A lock made of nothing but commits: whatever refs there are, these are the ones to show.
      let only = RefList(only: pin).bytes
      if ContentHash.sha256(of: only) == digest {
        guard case .fetched = try await object(pin) else { return absent(pin) }
        return .fetched(only)
      }
    }
    var absence: String?
    for _ in 0..<Self.rounds {
      let words = ["ls-remote", "--symref", "--quiet", address]
      guard let listing = try await client.run(words, isBrief: true, absence: &absence) else {
        return .absent("\(repository.identity): \(client.source): \(absence ?? "is not there")")
      }
      let refs = try RefList(listing, of: "\(client.subject): \(client.source)")
      if refs.isEmpty { return .fetched([]) }
      if try await !shelf.has(refs.tips, of: repository) {
        guard try await fetch(refs, &absence) else { continue }
      }
      guard try await shelf.has(refs.tips, of: repository) else { continue }
      guard let pin else { return .fetched(refs.bytes) }
      guard case .fetched = try await object(pin) else {
        return absent(pin)
      }
      return .fetched(refs.pinned(to: pin).bytes)
    }
    throw MirrorError(
      .unavailable, "\(client.subject): the refs of \(client.source) do not stand still; try again")
  }

  /// Refs of which the store has the record, but not all of the objects.
  func refs(recorded: RefList) async throws(MirrorError) -> Outcome {
    var absence: String?
    if try await !shelf.has(recorded.tips, of: repository) {
      // Most of it is what the source has now, and comes in one go.
      let words = ["ls-remote", "--quiet", address]
      guard let listing = try await client.run(words, isBrief: true, absence: &absence) else {
        return .absent("\(repository.identity): \(client.source): \(absence ?? "is not there")")
      }
      _ = try await fetch(
        RefList(listing, of: "\(client.subject): \(client.source)"), &absence)
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
    let words = ["--no-prune", address, "+\(id):refs/kept/\(id)"]
    guard try await fetch(words, into: place, &absence) else {
      return .absent("\(repository.identity): \(client.source) does not have \(id)")
    }
    return receipt
  }

  /// Fetches everything the source has.
  ///
  /// - Returns: whether it could be; a ref may be gone since it was listed.
  private func fetch(_ refs: RefList, _ absence: inout String?) async throws(MirrorError) -> Bool {
    let place = try await shelf.prepare(repository, usesSHA256: refs.usesSHA256)
    var words = ["--prune", address, "+refs/*:refs/now/*"]
    if refs.refs["HEAD"] != nil { words.append("+HEAD:refs/head") }
    return try await fetch(words, into: place, &absence)
  }

  private func fetch(
    _ words: [String], into place: String, _ absence: inout String?
  ) async throws(MirrorError) -> Bool {
    let fetching = [
      "--git-dir", place, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
      "--no-recurse-submodules", "--no-auto-maintenance",
    ]
    var client = client
    client.prefix = FetchScript(place: place).prefix
    return try await client.run(fetching + words, isBrief: false, absence: &absence) != nil
  }
}
