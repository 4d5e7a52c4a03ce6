/// A list of patterns as GOPRIVATE, GONOPROXY and GONOSUMDB hold it (`module.MatchPrefixPatterns`).
///
/// Each is compared with as many elements at the beginning of a path as it has itself; `*` and `?` stand
/// for anything within an element.
struct ModulePatterns: Hashable, Sendable {
  private let patterns: [[String]]

  /// Reads a list separated by commas.
  init(_ text: String) {
    patterns = text.split(separator: ",")
      .map { $0.split(whereSeparator: \.isWhitespace).joined() }
      .map { $0.split(separator: "/").map { String($0) } }
      .filter { !$0.isEmpty }
  }

  /// Whether a pattern matches.
  func contains(_ module: ModulePath) -> Bool {
    let elements = module.description.split(separator: "/").map { Array($0.utf8) }
    return patterns.contains { pattern in
      pattern.count <= elements.count
        && zip(pattern, elements).allSatisfy { Self.glob(Array($0.utf8)[...], $1[...]) }
    }
  }

  /// `path.Match` within one element.
  private static func glob(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var pattern = pattern
    guard let first = pattern.popFirst() else { return name.isEmpty }
    switch first {
    case UInt8(ascii: "*"):
      return (name.startIndex...name.endIndex).contains { glob(pattern, name[$0...]) }
    case UInt8(ascii: "?"):
      return !name.isEmpty && glob(pattern, name.dropFirst())
    case UInt8(ascii: "["):
      guard let close = pattern.firstIndex(of: UInt8(ascii: "]")), let byte = name.first,
        isInClass(byte, pattern[..<close])
      else { return false }
      return glob(pattern[(close + 1)...], name.dropFirst())
    case UInt8(ascii: "\\"):
      guard let literal = pattern.popFirst() else { return false }
      return name.first == literal && glob(pattern, name.dropFirst())
    default:
      return name.first == first && glob(pattern, name.dropFirst())
    }
  }

  private static func isInClass(_ byte: UInt8, _ words: ArraySlice<UInt8>) -> Bool {
    let isNegated = words.first == UInt8(ascii: "^")
    var rest = isNegated ? words.dropFirst() : words
    var isFound = false
    while let low = rest.popFirst() {
      var high = low
      if rest.first == UInt8(ascii: "-"), rest.count > 1 {
        rest = rest.dropFirst()
        high = rest.popFirst() ?? low
      }
      if low <= high, (low...high).contains(byte) { isFound = true }
    }
    return isFound != isNegated
  }
}
