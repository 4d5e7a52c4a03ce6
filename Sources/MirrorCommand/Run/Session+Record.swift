import MirrorCore

extension Session {
  /// Adds what was served to the lock, unless the lock is what the session is held to.
  ///
  /// - Throws: `misconfigured` when the lock cannot be read or written.
  func record(_ tally: Tally, _ console: Console) async throws(MirrorError) {
    guard !policy.isFrozen else { return }
    for entry in try await Lockfile.add(tally.lock.entries, toFileAt: lockPath) {
      console.warn(
        "incident: \(entry.identity): is not what \(lockPath) says any more; the lock keeps "
          + "what it has, and mirror repin changes it")
    }
  }
}
