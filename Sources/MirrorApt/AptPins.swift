import MirrorCore

/// The versions that a run holds apt to (apt_preferences(5)).
struct AptPins {
  /// A pinned version is chosen over newer ones, but what is installed is not taken back.
  static let priority = 999

  private let surroundings: Surroundings
  private let versions: [String: String]

  /// The pins of a run; `nil` when it has none.
  init?(_ surroundings: Surroundings) {
    guard let versions = surroundings.versions[.apt] else { return nil }
    self.surroundings = surroundings
    self.versions = versions
  }

  /// The names and versions, one a line, as `NAME==VERSION`.
  var list: String {
    versions.sorted { $0.key < $1.key }.map { "\($0.key)==\($0.value)\n" }.joined()
  }

  /// The preferences: those of the user's own file, then a stanza a package.
  ///
  /// The folder of preferences stays the user's.
  func preferences() async -> String {
    var text = await ownPreferences()
    if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n\n" }
    for (name, version) in versions.sorted(by: { $0.key < $1.key }) {
      text += "Package: \(name)\nPin: version \(version)\nPin-Priority: \(Self.priority)\n\n"
    }
    return text
  }

  private func ownPreferences() async -> String {
    let answer = await surroundings.ask(["apt-config", "shell", "FILE", "Dir::Etc::preferences/f"])
    // FILE='PATH'
    let words = (answer ?? "").split(separator: "'", omittingEmptySubsequences: false)
    guard words.count == 3, let bytes = try? Disk.read(String(words[1])) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
