import MirrorCore

/// One file that an index lists (PEP 691, with the fields of PEP 592, 658/714 and 700).
struct ProjectFile: Codable, Hashable, Sendable {
  /// A field that is a flag, or a value that says more.
  enum Flag<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    case flag(Bool)
    case value(Value)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else {
        self = .value(try container.decode(Value.self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .flag(let flag): try container.encode(flag)
      case .value(let value): try container.encode(value)
      }
    }
  }

  var filename: String
  var url: String
  var hashes: [String: String]
  var requiresPython: String?
  var size: Int?
  var uploadTime: String?
  var yanked: Flag<String>?
  var coreMetadata: Flag<[String: String]>?
  /// The older name of ``coreMetadata`` (PEP 714); read, and written with it.
  var distInfoMetadata: Flag<[String: String]>?
  /// The name that some indexes send by mistake (PEP 714, "Motivation"); only read.
  var misnamedMetadata: Flag<[String: String]>?

  enum CodingKeys: String, CodingKey {
    case filename, url, hashes, size, yanked
    case requiresPython = "requires-python"
    case uploadTime = "upload-time"
    case coreMetadata = "core-metadata"
    case distInfoMetadata = "dist-info-metadata"
    case misnamedMetadata = "data-dist-info-metadata"
  }

  /// The digests of the file.
  var digests: [Digest] {
    hashes.compactMap { Digest(Digest.Algorithm(rawValue: $0.key.lowercased()), hex: $0.value) }
      .sorted()
  }

  /// What the index says of the file's metadata, under whichever name.
  var metadata: Flag<[String: String]>? { coreMetadata ?? distInfoMetadata ?? misnamedMetadata }

  /// Whether the file's metadata can be had by itself.
  var hasMetadata: Bool {
    switch metadata {
    case .flag(let flag): flag
    case .value: true
    case nil: false
    }
  }

  /// The digests of the metadata, where the index gives them.
  var metadataDigests: [Digest] {
    guard case .value(let hashes) = metadata else { return [] }
    return hashes.compactMap {
      Digest(Digest.Algorithm(rawValue: $0.key.lowercased()), hex: $0.value)
    }.sorted()
  }
}
