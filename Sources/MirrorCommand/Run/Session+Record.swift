package import MirrorCore

extension Session {
  /// Makes what was served durable and adds it to the lock, unless the lock is what the session is held to.
  ///
  /// - Returns: what the lock keeps although something else was served under its name.
  /// - Throws: `misconfigured` when the store does not keep it, or the lock cannot be read or written.
  func record(
    _ entries: [LockEntry], _ toolbox: Toolbox
  ) async throws(MirrorError) -> [LockEntry] {
    try store.settle()
    guard !policy.isFrozen, !entries.isEmpty else { return [] }
    return try await Lockfile.add(
      await completed(entries, by: toolbox.resolvers), toFileAt: lockPath)
  }

  /// Says how many lines of the ledger are missing, if any are.
  ///
  /// - Returns: the failure that this is.
  func reportLostLines(of tally: Tally, _ console: Console) -> MirrorError.Code? {
    guard tally.lostLines > 0 else { return nil }
    console.warn(
      "\(folder?.ledgerPath ?? "the ledger"): \(tally.lostLines) lines could not be "
        + "written; the record of this run is incomplete")
    return .misconfigured
  }

  /// Entries with what their ecosystems know of them beside the request, such as a package's own version.
  package func completed(
    _ entries: [LockEntry], by resolvers: [any Resolver]
  ) async -> [LockEntry] {
    var completed: [LockEntry] = []
    let groups = Dictionary(grouping: entries, by: \.ecosystem).sorted { $0.key < $1.key }
    for (ecosystem, group) in groups {
      let resolver = resolvers.first { $0.ecosystem == ecosystem }
      completed +=
        await resolver?.completed(group, in: surroundings, file: store.objectPath) ?? group
    }
    return completed
  }
}
