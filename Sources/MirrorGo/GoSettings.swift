import FoundationEssentials
import MirrorCore

/// What the user's go command is set to: its environment, its own files and its built-in values.
struct GoSettings: Sendable {
  /// The variables that matter to us.
  static let names = ["GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOFLAGS"]

  private let values: [String: String]

  init(values: [String: String]) { self.values = values }

  /// The settings that can be read without running anything: the environment, then the file that
  /// `go env -w` writes (`go help environment`).
  init(environment: [String: String]) {
    var values: [String: String] = [:]
    if let path = Self.file(environment), let bytes = try? Disk.read(path) {
      for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
        guard line.first != "#", let mark = line.firstIndex(of: "=") else { continue }
        values[String(line[..<mark])] = String(line[line.index(after: mark)...])
      }
    }
    for name in Self.names {
      if let value = environment[name], !value.isEmpty { values[name] = value }
    }
    self.values = values
  }

  /// The settings as the user's go command tells them, built-in values included; where there is no go,
  /// those that can be read.
  static func asked(of surroundings: Surroundings) async -> GoSettings {
    // In / there is no go.mod that would make it fetch another toolchain first.
    let go = surroundings.tool(
      ["go", "env", "-json"] + names, changing: ["GOTOOLCHAIN": "local"], folder: "/")
    guard
      let (end, output) = try? await surroundings.programs.collect(go, within: .seconds(60)),
      end.status == 0,
      let values = try? JSONDecoder().decode([String: String].self, from: Data(output))
    else { return GoSettings(environment: surroundings.environment) }
    return GoSettings(values: values)
  }

  /// The value of a variable; `nil` when it has none.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// Whom the go command would ask for a module; `nil` stands for no module in particular.
  ///
  /// - Throws: `misconfigured` when GOPROXY is unknown or cannot be read.
  func proxies(for module: ModulePath?) throws(MirrorError) -> ProxyList {
    if let module, let patterns = self["GONOPROXY"] ?? self["GOPRIVATE"], patterns != "none",
      ModulePatterns(patterns).contains(module)
    {
      return .direct
    }
    guard let text = self["GOPROXY"] else {
      throw MirrorError(
        .misconfigured,
        "go: no GOPROXY is set and no go was found to name its own; set GOPROXY")
    }
    return try ProxyList(text)
  }

  /// The URL that GOSUMDB gives a checksum database, which is then asked past every proxy; `nil` where it
  /// gives none (`go help module-auth`).
  func sumDatabase(_ name: String) -> Locator? {
    let words = (self["GOSUMDB"] ?? "").split(whereSeparator: \.isWhitespace)
    guard words.count == 2, words[0].split(separator: "+").first.map({ $0 == name }) ?? false else {
      return nil
    }
    return Locator(String(words[1]))
  }

  /// The name and key of the checksum database without the URL beside them; `nil` where there is no URL.
  var sumDatabaseKey: String? {
    let words = (self["GOSUMDB"] ?? "").split(whereSeparator: \.isWhitespace)
    return words.count == 2 ? String(words[0]) : nil
  }

  /// The file that `go env -w` writes; `nil` where there is none.
  static func file(_ environment: [String: String]) -> String? {
    if let path = environment["GOENV"], !path.isEmpty { return path == "off" ? nil : path }
    let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { "\($0)/.config" }
    return folder.map { "\($0)/go/env" }
  }
}
