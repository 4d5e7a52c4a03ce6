/// The family of tools that a request comes from: one package language, one way of asking.
///
/// An open set. Each ecosystem's module adds its own member in an extension, so the core never
/// names one; an organisation's sixth is added the same way.
public struct Ecosystem: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The short lower-case word used in configuration, lock and ledger, such as `pip`.
  public let rawValue: String

  /// Creates the ecosystem of that word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The word itself.
  public var description: String { rawValue }

  /// Orders ecosystems by their word, so that listings are stable.
  public static func < (left: Ecosystem, right: Ecosystem) -> Bool {
    left.rawValue < right.rawValue
  }
}
