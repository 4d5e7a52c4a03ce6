/// Verified bytes, and how they came.
public struct Delivery: Sendable {
  /// The bytes, open for reading.
  public let file: OpenFile
  /// Their length in bytes.
  public let size: Int
  /// Their SHA-256, computed by us.
  public let digest: Digest
  /// What the source said of them.
  public let content: Content
  /// The name of the source that gave them.
  public let source: String
  /// What the ecosystem's own check brought to light, for the lock.
  public var facts: [String: String] = [:]
}
