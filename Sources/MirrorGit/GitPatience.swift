/// How long git is waited for, and how often it asks again.
public struct GitPatience: Hashable, Sendable {
  /// The longest silence, and the longest look-up of refs.
  public var limit: Duration
  /// How often a passing failure is tried again.
  public var retries: Int
  /// The longest pause before the first retry; it doubles with each.
  public var pause: Duration

  /// Creates a patience.
  public init(
    limit: Duration = .seconds(60), retries: Int = 3, pause: Duration = .milliseconds(500)
  ) {
    self.limit = limit
    self.retries = retries
    self.pause = pause
  }

  /// The everyday patience, or one that fits a configured limit for every wait.
  init(timeLimit: Duration?) {
    self.init()
    guard let timeLimit else { return }
    limit = timeLimit
    pause = min(pause, timeLimit / 10)
  }

  /// The pause before an attempt: any up to the longest, so that many do not come back at once.
  func wait(before attempt: Int) -> Duration {
    min(.seconds(10), pause * Double(1 << min(attempt - 1, 10))) * Double.random(in: 0...1)
  }

  /// The limit in whole seconds, as git's own settings have it.
  var seconds: Int64 { max(1, limit.components.seconds) }
}
