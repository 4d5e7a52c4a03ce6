/// How long an upstream may take, and how often it is asked again.
///
/// Every wait has an end: a silent upstream is `unavailable`, never a hang.
public struct Patience: Hashable, Sendable {
  /// The most a connection may take to open.
  public var connect: Duration
  /// The most the head of an answer may take.
  public var firstByte: Duration
  /// The most a body may stay under ``stallRate``.
  public var stall: Duration
  /// The slowest body that counts as alive, in bytes a second.
  public var stallRate: Int
  /// The most one source may take, all attempts together, without any progress.
  public var budget: Duration
  /// How many times more it is asked after a passing failure.
  public var retries: Int
  /// The wait before the first retry; it doubles with each.
  public var pause: Duration
  /// The same after 429 and 503.
  public var busyPause: Duration
  /// The longest wait.
  public var longestPause: Duration
  /// The longest Retry-After that is obeyed when another source may stand behind this one.
  public var retryAfterLimit: Duration
  /// The same when nobody stands behind it.
  public var lastRetryAfterLimit: Duration

  /// The everyday values (Documentation/Chain.md).
  public static let standard = Patience()

  /// Creates the everyday values, to change some.
  public init() {
    connect = .seconds(10)
    firstByte = .seconds(30)
    stall = .seconds(60)
    stallRate = 1024
    budget = .seconds(60)
    retries = 3
    pause = .milliseconds(500)
    busyPause = .seconds(5)
    longestPause = .seconds(10)
    retryAfterLimit = .seconds(30)
    lastRetryAfterLimit = .seconds(120)
  }

  /// The same with one limit for connection, head and stall, and that budget in all.
  public init(limit: Duration) {
    self.init()
    connect = min(connect, limit)
    firstByte = min(firstByte, limit)
    stall = min(stall, limit)
    budget = min(budget, limit)
    longestPause = min(longestPause, limit)
    retryAfterLimit = min(retryAfterLimit, limit)
    lastRetryAfterLimit = min(lastRetryAfterLimit, limit)
  }

  /// The wait before attempt number `attempt` (from 1), drawn uniformly up to a doubling bound.
  func wait(before attempt: Int, isBusy: Bool) -> Duration {
    let bound = min(longestPause, (isBusy ? busyPause : pause) * (1 << min(attempt - 1, 16)))
    return bound * Double.random(in: 0...1)
  }
}
