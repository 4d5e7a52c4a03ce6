import MirrorCore

/// Keeps the lock up to date while a session is served, so that one that is killed loses only the last of it.
///
/// The lock is written some time after news, not at once: what came meanwhile goes with it, and no request
/// waits for the disk. The longer that takes, the rarer it is done.
actor Recorder {
  /// So many times as long as it took to write the lock, it is left alone.
  private static let restFactor = 20

  private let session: Session
  private let toolbox: Toolbox
  private let pause: Duration
  /// What was handed to the lock already.
  private var recorded = Lockfile()
  private var said: Set<String> = []

  /// Creates the recorder of a session.
  ///
  /// - Parameter pause: how long news waits for more.
  init(_ session: Session, _ toolbox: Toolbox, pause: Duration) {
    self.session = session
    self.toolbox = toolbox
    self.pause = pause
  }

  /// Adds what is served to the lock until the task is cancelled; ``finish(_:)`` adds the rest.
  func run() async {
    guard !session.policy.isFrozen else { return await Self.waitForEnd() }
    var rest = pause
    for await _ in session.news {
      do { try await Task.sleep(for: rest) } catch { return }
      let start = ContinuousClock.now
      await addNews()
      rest = max(pause, (ContinuousClock.now - start) * Self.restFactor)
    }
  }

  /// Adds everything that was served to the lock.
  ///
  /// - Throws: `misconfigured` when the store does not keep it, or the lock cannot be read or written.
  func finish(_ tally: Tally) async throws(MirrorError) {
    try await add(tally.lock.entries)
  }

  private func addNews() async {
    let lock = session.ledger.soFar.lock
    do throws(MirrorError) {
      try await add(lock.entries(notIn: recorded))
      recorded = lock
    } catch {
      // Whoever is told to end tries again; until then the disk may have room once more.
      if !Task.isCancelled { once(error.message) }
    }
  }

  private func add(_ entries: [LockEntry]) async throws(MirrorError) {
    for entry in try await session.record(entries, toolbox) {
      once(
        "incident: \(entry.identity): is not what \(session.lockPath) says any more; the lock keeps "
          + "what it has, and mirror repin changes it")
    }
  }

  private func once(_ line: String) {
    if said.insert(line).inserted { toolbox.console.warn(line) }
  }

  private static func waitForEnd() async {
    let (never, continuation) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    withExtendedLifetime(continuation) {}
  }
}
