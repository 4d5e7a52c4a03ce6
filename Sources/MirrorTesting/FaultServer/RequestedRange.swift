/// What a `Range` header means for a file of a known length.
enum RequestedRange: Equatable {
  case whole
  case part(Range<Int>)
  case unsatisfiable

  /// Reads one range of bytes; a header that is absent, malformed or asks for several means the
  /// whole.
  init(_ header: String?, length: Int) {
    self = .whole
    guard let header, header.hasPrefix("bytes=") else { return }
    let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2 else { return }
    switch (Int(bounds[0]), Int(bounds[1])) {
    case (let first?, let last?) where first <= last:
      self = first < length ? .part(first..<min(last + 1, length)) : .unsatisfiable
    case (let first?, nil) where bounds[1].isEmpty:
      self = first < length ? .part(first..<length) : .unsatisfiable
    case (nil, let suffix?) where bounds[0].isEmpty:
      let start = max(length - suffix, 0)
      self = start < length ? .part(start..<length) : .unsatisfiable
    default:
      return
    }
  }
}
