import MirrorCore

/// Which indexes the user's pip and uv would ask, read the way pip reads it.
///
/// The order is pip's own: `PIP_*` variables, then the file of `PIP_CONFIG_FILE`, of the virtual
/// environment, of the user, and of the machine (pip's documentation, "Configuration"). Sections
/// `[install]` and `[download]` count before `[global]`.
struct PipConfiguration: Sendable {
  private let environment: [String: String]
  private let settings: [String: String]

  init(environment: [String: String]) {
    self.environment = environment
    var settings: [String: String] = [:]
    for path in Self.files(environment) {
      guard let bytes = try? Disk.read(path) else { continue }
      let sections = Self.parse(String(decoding: bytes, as: UTF8.self))
      for section in ["global", "download", "install"] {
        settings.merge(sections[section] ?? [:]) { $1 }
      }
    }
    self.settings = settings
  }

  /// The index that is configured; `nil` when pip would use its built-in one.
  var index: String? {
    value("index-url") ?? environment["UV_DEFAULT_INDEX"] ?? environment["UV_INDEX_URL"]
  }

  /// The indexes asked beside it.
  var extraIndexes: [String] {
    let words = [
      value("extra-index-url"), environment["UV_EXTRA_INDEX_URL"], environment["UV_INDEX"],
    ]
    .compactMap { $0 }.flatMap { $0.split(whereSeparator: \.isWhitespace) }
    // uv also writes an index as NAME=URL.
    return words.map { word in
      let scheme = word.firstRange(of: "://")?.lowerBound ?? word.endIndex
      let name = word[..<scheme].lastIndex(of: "=")
      return String(name.map { word[word.index(after: $0)...] } ?? word)
    }
  }

  /// Whether a configuration file names further indexes, which no variable can take away.
  var hasExtraIndexesInFile: Bool { !(settings["extra-index-url"] ?? "").isEmpty }

  /// Places beside the indexes from which pip takes files unseen.
  var findLinks: [String] {
    (value("find-links") ?? "").split(whereSeparator: \.isWhitespace).map { String($0) }
  }

  /// Every index the user's pip would ask, in order.
  ///
  /// - Throws: `misconfigured` when one is no URL, or when none is configured and there is neither a
  ///   pip nor a uv to ask for its built-in one.
  static func indexes(in surroundings: Surroundings) async throws(MirrorError) -> [Locator] {
    let configuration = PipConfiguration(environment: surroundings.environment)
    var index = configuration.index
    if index == nil { index = await builtIn(surroundings) }
    guard let index else {
      throw MirrorError(
        .misconfigured,
        "pip: no index is configured and no pip was found to name its own; set PIP_INDEX_URL")
    }
    return try ([index] + configuration.extraIndexes).map { text throws(MirrorError) in
      guard let locator = Locator(text) else {
        throw MirrorError(
          .misconfigured,
          "pip: the index '\(Locator.redacting(text))' is no URL; check pip's settings")
      }
      return locator
    }
  }

  // MARK: Inside

  private func value(_ key: String) -> String? {
    let name = "PIP_" + key.uppercased().replacing("-", with: "_")
    if let value = environment[name], !value.isEmpty { return value }
    return settings[key].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Asks the tools themselves, in their help, which index they would use.
  private static func builtIn(_ surroundings: Surroundings) async -> String? {
    for pip in [["pip"], ["pip3"], ["python3", "-m", "pip"], ["python", "-m", "pip"]] {
      guard let help = await surroundings.ask(pip + ["download", "--help"]) else { continue }
      if let url = url(in: help, after: "--index-url", "(default") { return url }
    }
    guard let help = await surroundings.ask(["uv", "pip", "install", "--help"]) else { return nil }
    return url(in: help, after: "--default-index", "by default:")
  }

  private static func url(in help: String, after option: String, _ words: String) -> String? {
    guard let start = help.firstRange(of: option),
      let mark = help[start.upperBound...].firstRange(of: words)
    else { return nil }
    let rest = help[mark.upperBound...].drop { $0.isWhitespace || $0 == "<" }
    let url = rest.prefix { !$0.isWhitespace && $0 != ")" && $0 != ">" }
    return Locator(String(url)).map { _ in String(url) }
  }

  /// The files that count, weakest first.
  private static func files(_ environment: [String: String]) -> [String] {
    let named = environment["PIP_CONFIG_FILE"]
    if named == "/dev/null" { return [] }
    let home = environment["HOME"] ?? ""
    let user = environment["XDG_CONFIG_HOME"] ?? "\(home)/.config"
    let machine = (environment["XDG_CONFIG_DIRS"] ?? "/etc/xdg").split(separator: ":")
      .map { "\($0)/pip/pip.conf" }
    // A file that is named and there takes the place of the user's.
    let isThere = named.map { !$0.isEmpty && (try? Disk.read($0)) ?? nil != nil } ?? false
    let files =
      machine + ["/etc/pip.conf"]
      + (isThere ? [] : ["\(home)/.pip/pip.conf", "\(user)/pip/pip.conf"])
      + (environment["VIRTUAL_ENV"].map { ["\($0)/pip.conf"] } ?? [])
    return files + (named.map { [$0] } ?? [])
  }

  /// Reads Python's configparser form: sections, `key = value` or `key: value`, and values that go
  /// on in indented lines.
  static func parse(_ text: String) -> [String: [String: String]] {
    var sections: [String: [String: String]] = [:]
    var section = ""
    var key: String?
    for whole in text.split(whereSeparator: \.isNewline) {
      let line = whole[...(whole.lastIndex { !$0.isWhitespace } ?? whole.startIndex)]
      let words = line.trimmingPrefix(while: \.isWhitespace)
      guard let first = words.first, first != "#", first != ";" else { continue }
      if line.first?.isWhitespace ?? false, let key {
        sections[section, default: [:]][key, default: ""] += "\n\(words)"
      } else if first == "[" {
        section = String(words.dropFirst().prefix { $0 != "]" })
        key = nil
      } else if let mark = words.firstIndex(where: { $0 == "=" || $0 == ":" }) {
        let name = words[..<mark].lowercased().replacing("_", with: "-")
          .filter { !$0.isWhitespace }
        let value = words[words.index(after: mark)...].trimmingPrefix(while: \.isWhitespace)
        sections[section, default: [:]][name] = String(value)
        key = name
      }
    }
    return sections
  }
}
