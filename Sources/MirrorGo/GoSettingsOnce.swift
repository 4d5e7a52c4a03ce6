import MirrorCore

/// The settings of the user's go command, asked for once when the first module needs them.
actor GoSettingsOnce {
  private let surroundings: Surroundings
  private var found: GoSettings?
  private var isAsking = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// The settings; who comes while go is being asked waits for its answer.
  func value() async -> GoSettings {
    while true {
      if let found { return found }
      if !isAsking { break }
      await withCheckedContinuation { waiters.append($0) }
    }
    isAsking = true
    let settings = await GoSettings.asked(of: surroundings)
    found = settings
    for waiter in waiters { waiter.resume() }
    waiters = []
    return settings
  }
}
