/// A value that must never be printed, recorded or put into a process argument.
///
/// Its description is a placeholder, so an accidental interpolation leaks nothing.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  private let value: String

  /// Wraps a secret.
  public init(_ value: String) { self.value = value }

  /// Hands out the secret, for the one place that sends it.
  public func reveal() -> String { value }

  /// A placeholder.
  public var description: String { "***" }

  /// A placeholder.
  public var debugDescription: String { "***" }
}
