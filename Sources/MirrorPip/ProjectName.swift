/// The name of a project, and what the names of its files say of it.
enum ProjectName {
  /// The one spelling of a name (PEP 503): lower case, runs of `-`, `_` and `.` become one `-`.
  static func normalise(_ name: some StringProtocol) -> String {
    var result = ""
    var pending = false
    for character in name.lowercased() {
      if "-_.".contains(character) {
        pending = true
      } else {
        if pending, !result.isEmpty { result.append("-") }
        pending = false
        result.append(character)
      }
    }
    return result
  }

  /// Whether a text can be a project's name (PEP 508: letters, digits, `-`, `_` and `.`).
  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      }
  }

  /// The version in a file's name; `nil` when the name is not that of the project's file.
  ///
  /// Wheels are `NAME-VERSION(-…)*.whl` (PEP 427), source archives `NAME-VERSION.EXT` (PEP 625, and
  /// older names in which the project itself has dashes).
  static func version(of fileName: String, in project: String) -> String? {
    var stem = fileName[...]
    if stem.hasSuffix(".metadata") { stem = stem.dropLast(9) }
    if stem.hasSuffix(".whl") || stem.hasSuffix(".egg") {
      let words = stem.split(separator: "-")
      guard words.count > 1, normalise(words[0]) == project else { return nil }
      return String(stem.hasSuffix(".egg") && words.count == 2 ? words[1].dropLast(4) : words[1])
    }
    guard let suffix = archives.first(where: { stem.hasSuffix($0) }) else { return nil }
    stem = stem.dropLast(suffix.count)
    for (index, character) in zip(stem.indices, stem) where character == "-" {
      if normalise(stem[..<index]) == project { return String(stem[stem.index(after: index)...]) }
    }
    return nil
  }

  private static let archives = [
    ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar", ".exe", ".msi",
  ]
}
