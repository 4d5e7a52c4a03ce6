/// The range a client asks for (RFC 9110, 14.1.2); of several ranges none, which is allowed.
enum ByteRange: Hashable {
  case from(Int, to: Int?)
  case last(Int)

  /// Reads the Range header; `nil` when the whole is the answer to it.
  init?(_ value: String) {
    guard value.lowercased().hasPrefix("bytes=") else { return nil }
    let words = value.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " } }
    guard words.count == 2 else { return nil }
    if words[0].isEmpty {
      guard let count = Int(words[1]), count > 0 else { return nil }
      self = .last(count)
    } else {
      guard let first = Int(words[0]), first >= 0 else { return nil }
      if words[1].isEmpty {
        self = .from(first, to: nil)
      } else {
        guard let last = Int(words[1]), last >= first else { return nil }
        self = .from(first, to: last)
      }
    }
  }

  /// The bytes meant, of a file of that length; `nil` when there are none, which is a 416.
  func bounds(of size: Int) -> Range<Int>? {
    switch self {
    case .from(let first, let last):
      guard first < size else { return nil }
      return first..<(last.map { min(size - 1, $0) + 1 } ?? size)
    case .last(let count):
      guard size > 0 else { return nil }
      return max(0, size - count)..<size
    }
  }
}
