import MirrorCore

/// The text of a configuration: sections of `key = value` lines, each with its place.
///
/// ```
/// # a comment
/// [mirror acme]
/// url = https://mirror.acme.example/web
/// ```
struct ConfigurationFile {
  struct Section {
    var kind: String
    var name: String
    var line: Int
    var settings: [Setting] = []
  }

  struct Setting {
    var key: String
    var value: String
    var line: Int
  }

  let path: String
  private(set) var sections: [Section] = []

  /// Reads the sections.
  ///
  /// - Throws: `misconfigured` naming the first line that is neither section, setting nor comment.
  init(_ text: String, path: String) throws(MirrorError) {
    self.path = path
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let number = index + 1
      let words = Self.trim(line)
      guard let first = words.first, first != "#" else { continue }
      if first == "[" {
        guard words.last == "]" else { throw error(number, "has no closing ]") }
        let name = Self.trim(words.dropFirst().dropLast())
        let parts = name.split(separator: " ", maxSplits: 1)
        guard let kind = parts.first else { throw error(number, "names no section") }
        let section = Section(
          kind: String(kind), name: parts.count > 1 ? String(Self.trim(parts[1])) : "", line: number
        )
        if let other = sections.first(where: { $0.kind == section.kind && $0.name == section.name })
        {
          throw error(number, "[\(name)] stands on line \(other.line) already")
        }
        sections.append(section)
        continue
      }
      guard let mark = words.firstIndex(of: "=") else {
        throw error(number, "is neither [section] nor key = value")
      }
      guard !sections.isEmpty else { throw error(number, "stands before the first [section]") }
      let setting = Setting(
        key: String(Self.trim(words[..<mark])),
        value: String(Self.trim(words[words.index(after: mark)...])), line: number)
      let others = sections[sections.count - 1].settings
      if let other = others.first(where: { $0.key == setting.key }) {
        throw error(number, "'\(setting.key)' stands on line \(other.line) already")
      }
      sections[sections.count - 1].settings.append(setting)
    }
  }

  /// The error for a line.
  func error(_ line: Int, _ problem: String) -> MirrorError {
    MirrorError(.misconfigured, "\(path):\(line): \(problem)")
  }

  /// The error for a word that is none of the known ones, naming the nearest.
  func unknown(
    _ what: String, _ word: String, at line: Int, known: some Collection<String>
  ) -> MirrorError {
    let nearest = NearestWord.to(word, among: known).map { "; did you mean '\($0)'?" }
    let all = "; known are \(known.sorted().joined(separator: ", "))"
    return error(line, "unknown \(what) '\(word)'\(nearest ?? all)")
  }

  private static func trim(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text
  }
}
