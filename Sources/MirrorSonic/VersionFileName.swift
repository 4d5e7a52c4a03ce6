/// The name of a SONiC lock file: `versions-TYPE[-DISTRIBUTION[-ARCHITECTURE]]`.
///
/// The word `all` stands for every distribution or architecture, as a missing word does.
public struct VersionFileName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// What the file lists.
  public var type: VersionType
  /// The distribution it is for, such as `bookworm`; `nil` for all.
  public var distribution: String?
  /// The architecture it is for, such as `arm64`; `nil` for all.
  public var architecture: String?

  /// Creates a name from its parts.
  public init(_ type: VersionType, distribution: String? = nil, architecture: String? = nil) {
    self.type = type
    self.distribution = distribution
    self.architecture = architecture
  }

  /// Reads a file's name, without its folder; `nil` when it is none of a lock file.
  ///
  /// Words after the architecture are passed over, as upstream does.
  public init?(_ name: some StringProtocol) {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count > 1, words[0] == "versions", !words[1].isEmpty else { return nil }
    self.init(
      VersionType(rawValue: String(words[1])),
      distribution: words.count > 2 ? Self.restriction(words[2]) : nil,
      architecture: words.count > 3 ? Self.restriction(words[3]) : nil)
  }

  /// The name of the file.
  public var description: String {
    var words = ["versions", type.rawValue]
    if let distribution { words.append(distribution) }
    if let architecture {
      if distribution == nil { words.append("all") }
      words.append(architecture)
    }
    return words.joined(separator: "-")
  }

  /// Whether what is listed here counts for another list too: one of the same type that is for the same
  /// distribution and architecture, or for fewer.
  func covers(_ other: VersionFileName) -> Bool {
    type == other.type && (distribution == nil || distribution == other.distribution)
      && (architecture == nil || architecture == other.architecture)
  }

  /// Whether the file may count for a distribution and an architecture.
  func suits(distribution: String, architecture: String) -> Bool {
    covers(VersionFileName(type, distribution: distribution, architecture: architecture))
  }

  /// Orders names from the general to the particular, in which later lists outweigh earlier ones.
  public static func < (left: VersionFileName, right: VersionFileName) -> Bool {
    (left.type, left.distribution ?? "", left.architecture ?? "")
      < (right.type, right.distribution ?? "", right.architecture ?? "")
  }

  private static func restriction(_ word: some StringProtocol) -> String? {
    word.isEmpty || word == "all" ? nil : String(word)
  }
}
