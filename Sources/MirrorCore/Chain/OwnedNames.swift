/// The names that belong to an organisation, against dependency confusion.
///
/// A pattern is a name, or a name whose `*` stand for any text; `/pattern/` is a regular expression
/// and is anchored at both ends. Names are compared in the ecosystem's normal form.
public struct OwnedNames: Sendable, Equatable {
  /// The patterns as written.
  public let patterns: [String]

  /// Creates the set.
  ///
  /// - Throws: `misconfigured` when a regular expression is not one.
  public init(_ patterns: [String]) throws(MirrorError) {
    self.patterns = patterns
    for pattern in patterns where Self.isExpression(pattern) { _ = try Self.expression(pattern) }
  }

  private init(known patterns: [String]) { self.patterns = patterns }

  /// The names of both.
  public func union(_ others: OwnedNames) -> OwnedNames {
    OwnedNames(known: patterns + others.patterns.filter { !patterns.contains($0) })
  }

  /// Whether a name matches a pattern.
  public func contains(_ name: String) -> Bool {
    patterns.contains { pattern in
      if Self.isExpression(pattern) {
        return (try? Self.expression(pattern).wholeMatch(in: name)) != nil
      }
      return Self.glob(Array(pattern.utf8), matches: Array(name.utf8))
    }
  }

  private static func isExpression(_ pattern: String) -> Bool {
    pattern.utf8.count > 2 && pattern.hasPrefix("/") && pattern.hasSuffix("/")
  }

  private static func expression(
    _ pattern: String
  ) throws(MirrorError) -> Regex<AnyRegexOutput> {
    do {
      return try Regex(String(pattern.dropFirst().dropLast()))
    } catch {
      throw MirrorError(.misconfigured, "owned: \(pattern) is no regular expression: \(error)")
    }
  }

  private static func glob(_ pattern: [UInt8], matches name: [UInt8]) -> Bool {
    var (p, n, star, mark) = (0, 0, -1, 0)
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        (star, mark, p) = (p, n, p + 1)
      } else if p < pattern.count, pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if star >= 0 {
        mark += 1
        (p, n) = (star + 1, mark)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
