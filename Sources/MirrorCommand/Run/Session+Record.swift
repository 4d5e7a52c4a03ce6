package import MirrorCore

extension Session {
  /// Makes what was served durable and adds it to the lock, unless the lock is what the session is held to.
  ///
  /// - Throws: `misconfigured` when the store does not keep it, or the lock cannot be read or written.
  func record(_ tally: Tally, _ toolbox: Toolbox) async throws(MirrorError) {
    try store.settle()
    guard !policy.isFrozen else { return }
    let entries = await completed(tally.lock.entries, by: toolbox.resolvers)
    for entry in try await Lockfile.add(entries, toFileAt: lockPath) {
      toolbox.console.warn(
        "incident: \(entry.identity): is not what \(lockPath) says any more; the lock keeps "
          + "what it has, and mirror repin changes it")
    }
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
