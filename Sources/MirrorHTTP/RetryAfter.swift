import MirrorCore

/// The Retry-After header in both of its forms (RFC 9110, 10.2.3).
enum RetryAfter {
  /// How long to wait; `nil` when the value is neither seconds nor a date.
  ///
  /// - Parameter now: seconds since 1970.
  static func wait(_ value: String, now: Int) -> Duration? {
    if let seconds = Int(value), seconds >= 0 { return .seconds(seconds) }
    return HTTPDate.seconds(value).map { .seconds(max(0, $0 - now)) }
  }
}
