import FoundationEssentials
import MirrorCore

/// The small documents of the GOPROXY protocol, each brought into one form: two proxies that say the same
/// give the same bytes, so that the lock holds whoever answers.
enum ProxyDocument {
  /// What a proxy says of a version (`go help goproxy`).
  private struct Info: Codable {
    var Version: String
    var Time: String?
  }

  /// The facts of a version: `Version` and, where it is known, `Time`.
  ///
  /// Where the proxy got it (`Origin`) differs between proxies and is left out.
  ///
  /// - Returns: `nil` when it is no such document, or is about another version.
  static func info(_ bytes: [UInt8], of version: ModuleVersion? = nil) -> [UInt8]? {
    guard let info = try? JSONDecoder().decode(Info.self, from: Data(bytes)),
      ModuleVersion(info.Version) != nil, version.map({ $0.isSame(as: info.Version) }) ?? true
    else { return nil }
    return Self.info(version: info.Version, time: info.Time)
  }

  /// The facts of a version.
  static func info(version: String, time: String?) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let info = Info(Version: version, Time: time)
    return (try? encoder.encode(info)).map { Array($0) } ?? []
  }

  /// A list of versions, sorted as text, each once.
  ///
  /// - Returns: `nil` when some line is no version.
  static func list(_ bytes: [UInt8]) -> [UInt8]? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var versions: Set<String> = []
    for line in text.split(whereSeparator: \.isNewline) {
      // Old proxies write the time after it.
      guard let word = line.split(whereSeparator: \.isWhitespace).first else { continue }
      guard word.first == "v", word.dropFirst().first?.isNumber ?? false,
        word.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { return nil }
      versions.insert(String(word))
    }
    return versions.sorted().flatMap { Array("\($0)\n".utf8) }
  }

  /// Whether a text is a go.mod file: it has a line that begins with `module`.
  static func isGoMod(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.split(whereSeparator: \.isNewline).contains { line in
      line.drop(while: \.isWhitespace).hasPrefix("module")
    }
  }
}
