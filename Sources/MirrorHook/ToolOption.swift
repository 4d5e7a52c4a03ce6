/// One option a tool documents, and what it means for redirecting.
///
/// Only options that can be handled right are in a table. What is absent makes the reader decline,
/// so that the tool runs exactly as it was called.
package struct ToolOption: Sendable {
  /// Whether the option takes a value.
  package enum Value: Sendable {
    case none
    case required
  }

  /// What the option changes for us.
  package enum Meaning: Sendable {
    /// Nothing: it stays as typed.
    case kept
    /// It stays as typed if its value passes the check; otherwise the command is declined.
    case keptIf(@Sendable (String) -> Bool)
    /// Its value is a URL.
    case url
    /// Its value is a file of URLs.
    case inputFile
    /// The tool follows redirects (or, negated, does not).
    case followsRedirects
    /// Its value is the number of redirects the tool follows.
    case redirectLimit
    /// Its value is curl's list of permitted protocols.
    case protocols
    /// Its value is the scheme of URLs that have none.
    case defaultScheme
    /// The tool reads no configuration file.
    case ignoresConfiguration
    /// The tool reads no `.netrc`.
    case ignoresNetrc
  }

  package let long: String
  package let short: UInt8?
  package let value: Value
  package let meaning: Meaning

  /// Describes an option without a value; its `--no-` form is understood too.
  package static func flag(
    _ long: String, _ short: Unicode.Scalar? = nil, _ meaning: Meaning = .kept
  ) -> ToolOption {
    ToolOption(
      long: long, short: short.map { UInt8(ascii: $0) }, value: .none, meaning: meaning)
  }

  /// Describes an option that takes a value.
  package static func value(
    _ long: String, _ short: Unicode.Scalar? = nil, _ meaning: Meaning = .kept
  ) -> ToolOption {
    ToolOption(
      long: long, short: short.map { UInt8(ascii: $0) }, value: .required, meaning: meaning)
  }
}
