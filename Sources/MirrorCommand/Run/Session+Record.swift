import MirrorCore

extension Session {
  /// Makes what was served durable and adds it to the lock, unless the lock is what the session is held to.
  ///
  /// - Throws: `misconfigured` when the store does not keep it, or the lock cannot be read or written.
  func record(_ tally: Tally, _ console: Console) async throws(MirrorError) {
    try store.settle()
    guard !policy.isFrozen else { return }
    for entry in try await Lockfile.add(tally.lock.entries, toFileAt: lockPath) {
      console.warn(
        "incident: \(entry.identity): is not what \(lockPath) says any more; the lock keeps "
          + "what it has, and mirror repin changes it")
    }
  }
}
