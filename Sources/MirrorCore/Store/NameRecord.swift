/// What the store remembers of a name: the bytes it led to, and how they came.
package struct NameRecord: Codable, Sendable, Hashable {
  /// The request's key.
  package var key: String
  /// The SHA-256 of the bytes, in hexadecimal digits.
  package var sha256: String
  /// Their length in bytes.
  package var size: Int
  /// What the source said of them.
  package var content: Content
  /// The name of the source that gave them.
  package var source: String
  /// What the ecosystem's own check brought to light.
  package var facts: [String: String]?
}
