/// What the store remembers of a name: the bytes it led to, and how they came.
package struct NameRecord: Sendable, Hashable {
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
  package var facts: [String: String]

  /// The record as it is kept.
  var lines: String {
    FieldLines.text([
      "key": key, "sha256": sha256, "size": String(size), "source": source,
    ]) + content.lines
      + facts.sorted { $0.key < $1.key }
      .map { FieldLines.text([Self.factPrefix + $0.key: $0.value]) }.joined()
  }

  init(
    key: String, sha256: String, size: Int, content: Content, source: String,
    facts: [String: String] = [:]
  ) {
    self.key = key
    self.sha256 = sha256
    self.size = size
    self.content = content
    self.source = source
    self.facts = facts
  }

  /// Reads a record; `nil` when it is none.
  init?(_ bytes: [UInt8]) {
    guard let fields = FieldLines.fields(in: bytes), let key = fields["key"],
      let sha256 = fields["sha256"], let size = fields["size"].flatMap({ Int($0) }),
      let source = fields["source"]
    else { return nil }
    let facts = fields.compactMap { name, value in
      name.hasPrefix(Self.factPrefix)
        ? (String(name.dropFirst(Self.factPrefix.count)), value) : nil
    }
    self.init(
      key: key, sha256: sha256, size: size, content: Content(fields), source: source,
      facts: Dictionary(facts) { $1 })
  }

  private static let factPrefix = "fact-"
}
