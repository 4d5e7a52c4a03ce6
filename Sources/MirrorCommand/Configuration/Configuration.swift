import MirrorCore
import MirrorHTTP

/// What an organisation wrote down: its mirrors, the chain of each ecosystem, and its policy.
struct Configuration {
  /// The mirrors by name.
  var mirrors: [String: SourceSettings] = [:]
  /// The words of each ecosystem's chain, in order.
  var chains: [Ecosystem: [String]] = [:]
  /// The names that belong to the organisation.
  var owned: [Ecosystem: OwnedNames] = [:]
  /// Where the versions are that an ecosystem's packages are held to: a file, or `lock`.
  var pins: [Ecosystem: String] = [:]
  /// Whether every run is strict.
  var isStrict = false
  /// Whether tunnels may pass in a run that is neither locked nor offline.
  var passesOpaque = true
  /// One limit for every wait, instead of the everyday ones.
  var timeLimit: Duration?
  /// A PEM file trusted besides the system's authorities.
  var certificateAuthorities: String?

  /// The mirrors that the executable brings along.
  private let own: [Source]

  /// The chain of an ecosystem that has none of its own.
  var everydayChain: [String] { ["store"] + own.map(\.name) + ["origin"] }

  /// The mirrors that no chain asks, by name.
  var idleMirrors: [String] {
    let asked = Set(chains.values.joined())
    return mirrors.keys.filter { !asked.contains($0) }.sorted()
  }

  /// No configuration at all: every ecosystem asks the store, the executable's mirrors, then its origin.
  init(beside own: [Source] = []) { self.own = own }

  /// The executable's own mirror of that name.
  func ownMirror(_ name: String) -> Source? { own.first { $0.name == name } }

  /// Reads the configuration in a file, or in `mirror.conf` where none is named and there is one.
  ///
  /// - Throws: `misconfigured` when it cannot be read or understood.
  init(
    at named: String?, for ecosystems: [Ecosystem], beside own: [Source] = []
  ) throws(MirrorError) {
    let path = named ?? "mirror.conf"
    guard let bytes = try Disk.read(path) else {
      if named == nil {
        self.init(beside: own)
        return
      }
      throw MirrorError(.misconfigured, "\(path): there is no such file; check --config")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MirrorError(.misconfigured, "\(path): is not UTF-8 text; check --config")
    }
    try self.init(ConfigurationFile(text, path: path), ecosystems: ecosystems, beside: own)
  }

  /// Reads a configuration for these ecosystems.
  ///
  /// - Throws: `misconfigured` naming file, line and, for an unknown word, the nearest known one.
  init(
    _ file: ConfigurationFile, ecosystems: [Ecosystem], beside own: [Source] = []
  ) throws(MirrorError) {
    self.own = own
    var chainLines: [Ecosystem: Int] = [:]
    for section in file.sections {
      switch section.kind {
      case "mirror": try readMirror(section, in: file)
      case "chain":
        let ecosystem = try Self.ecosystem(section.name, at: section.line, file, ecosystems)
        try readChain(section, of: ecosystem, in: file)
        chainLines[ecosystem] = section.line
      case "owned": try readOwned(section, in: file, ecosystems)
      case "pins": try readPins(section, in: file, ecosystems)
      case "policy": try readPolicy(section, in: file)
      default:
        throw file.unknown(
          "section", section.kind, at: section.line,
          known: ["mirror", "chain", "owned", "pins", "policy"])
      }
    }
    for (ecosystem, words) in chains {
      let known = ["store", "origin"] + own.map(\.name) + Array(mirrors.keys)
      for word in words where !known.contains(word) {
        throw file.unknown("source", word, at: chainLines[ecosystem] ?? 1, known: known)
      }
    }
  }

  // MARK: Sections

  private mutating func readMirror(
    _ section: ConfigurationFile.Section, in file: ConfigurationFile
  ) throws(MirrorError) {
    let name = section.name
    guard !name.isEmpty else { throw file.error(section.line, "[mirror NAME] lacks the name") }
    guard name != "store", name != "origin", mirrors[name] == nil, ownMirror(name) == nil else {
      throw file.error(section.line, "the name '\(name)' is taken")
    }
    var url: Locator?
    var settings = SourceSettings(name: name, url: Locator(scheme: "http", host: "unset"))
    for setting in section.settings {
      let line = setting.line
      switch setting.key {
      case "url":
        url = Locator(setting.value)
        guard let url, ["http", "https", "ssh", "file"].contains(url.scheme) else {
          throw file.error(line, "'\(setting.key)' is no http, https, ssh or file URL")
        }
        // Over ssh a name is part of the address, and no login.
        let isLogin = url.userInfo.map { url.scheme != "ssh" || $0.reveal().contains(":") }
        guard isLogin != true else {
          throw file.error(
            line, "a URL must not hold a login; name where it is with credential = env:NAME")
        }
      case "program": settings.program = Self.words(setting.value)
      case "roots": settings.roots = try Self.roots(setting, in: file)
      case "layout":
        do throws(MirrorError) { _ = try Layout(setting.value) } catch {
          throw file.error(line, error.message)
        }
        settings.layout = setting.value
      case "repositories":
        guard setting.value.contains("{name}") || setting.value.contains("{path}") else {
          throw file.error(
            line, "'repositories' is a path with {name} or {path} in it, such as {owner}/{name}.git"
          )
        }
        settings.repositories = setting.value
      case "mode":
        guard let mode = Source.Mode(rawValue: setting.value) else {
          throw file.unknown(
            "mode", setting.value, at: line, known: ["best-effort", "gatekeeper"])
        }
        settings.mode = mode
      case "owner": settings.isOwner = try Self.flag(setting, in: file)
      case "credential":
        guard let reference = CredentialReference(setting.value) else {
          throw file.error(
            line,
            "a credential is env:NAME, file:PATH, command:PROGRAM or helper:PROGRAM, "
              + "never the secret itself")
        }
        settings.credential = reference
      case "absent-codes":
        settings.absentCodes = Set(
          try Self.words(setting.value).map { word throws(MirrorError) in
            guard let code = Int(word), (400..<500).contains(code) else {
              throw file.error(line, "'\(word)' is no HTTP status from 400 to 499")
            }
            return code
          })
      case "s3-region":
        guard !setting.value.isEmpty, setting.value.allSatisfy(Self.isOfRegion) else {
          throw file.error(line, "'s3-region' is a word such as eu-central-1")
        }
        settings.s3Region = setting.value
      case "canary": settings.canary = setting.value
      default:
        throw file.unknown(
          "key", setting.key, at: line,
          known: [
            "url", "program", "roots", "layout", "repositories", "mode", "owner", "credential",
            "absent-codes", "canary", "s3-region",
          ])
      }
    }
    if !settings.program.isEmpty {
      let common = ["program", "mode", "owner"]
      if let other = section.settings.first(where: { !common.contains($0.key) }) {
        throw file.error(other.line, "'\(other.key)' is for a mirror with a url, not a program")
      }
      settings.url = Locator(scheme: "program", host: name)
    } else if let url {
      settings.url = url
    } else {
      throw file.error(section.line, "mirror '\(name)' has neither url nor program")
    }
    mirrors[name] = settings
  }

  private mutating func readChain(
    _ section: ConfigurationFile.Section, of ecosystem: Ecosystem, in file: ConfigurationFile
  ) throws(MirrorError) {
    for setting in section.settings {
      guard setting.key == "sources" else {
        throw file.unknown("key", setting.key, at: setting.line, known: ["sources"])
      }
      let words = Self.words(setting.value)
      guard !words.isEmpty, Set(words).count == words.count else {
        throw file.error(
          setting.line, "'sources' is a list of different names, such as store, origin")
      }
      let store = words.firstIndex(of: "store")
      let origin = words.firstIndex(of: "origin")
      guard store.map({ $0 == 0 }) ?? true, origin.map({ $0 == words.count - 1 }) ?? true else {
        throw file.error(
          setting.line, "'store' can only be the first source, 'origin' only the last")
      }
      chains[ecosystem] = words
    }
    guard chains[ecosystem] != nil else {
      throw file.error(section.line, "[chain \(ecosystem)] has no sources")
    }
  }

  private mutating func readOwned(
    _ section: ConfigurationFile.Section, in file: ConfigurationFile, _ ecosystems: [Ecosystem]
  ) throws(MirrorError) {
    for setting in section.settings {
      let ecosystem = try Self.ecosystem(setting.key, at: setting.line, file, ecosystems)
      do throws(MirrorError) {
        owned[ecosystem] = try OwnedNames(Self.words(setting.value))
      } catch {
        throw file.error(setting.line, error.message)
      }
    }
  }

  private mutating func readPins(
    _ section: ConfigurationFile.Section, in file: ConfigurationFile, _ ecosystems: [Ecosystem]
  ) throws(MirrorError) {
    for setting in section.settings {
      let ecosystem = try Self.ecosystem(setting.key, at: setting.line, file, ecosystems)
      if setting.value != "lock", try Disk.read(setting.value) == nil {
        throw file.error(
          setting.line, "\(setting.value): there is no such file; name one, or say lock")
      }
      pins[ecosystem] = setting.value
    }
  }

  private mutating func readPolicy(
    _ section: ConfigurationFile.Section, in file: ConfigurationFile
  ) throws(MirrorError) {
    for setting in section.settings {
      switch setting.key {
      case "strict": isStrict = try Self.flag(setting, in: file)
      case "opaque":
        guard ["pass", "refuse"].contains(setting.value) else {
          throw file.unknown("word", setting.value, at: setting.line, known: ["pass", "refuse"])
        }
        passesOpaque = setting.value == "pass"
      case "time-limit":
        guard let seconds = Double(setting.value), seconds > 0, seconds <= 86_400 else {
          throw file.error(setting.line, "'time-limit' is a number of seconds")
        }
        timeLimit = .seconds(seconds)
      case "ca-file":
        guard try Disk.read(setting.value) != nil else {
          throw file.error(setting.line, "ca-file \(setting.value): there is no such file")
        }
        certificateAuthorities = setting.value
      default:
        throw file.unknown(
          "key", setting.key, at: setting.line,
          known: ["strict", "opaque", "time-limit", "ca-file"])
      }
    }
  }

  // MARK: Words

  private static func ecosystem(
    _ word: String, at line: Int, _ file: ConfigurationFile, _ ecosystems: [Ecosystem]
  ) throws(MirrorError) -> Ecosystem {
    guard let ecosystem = ecosystems.first(where: { $0.rawValue == word }) else {
      throw file.unknown("ecosystem", word, at: line, known: ecosystems.map(\.rawValue))
    }
    return ecosystem
  }

  private static func flag(
    _ setting: ConfigurationFile.Setting, in file: ConfigurationFile
  ) throws(MirrorError) -> Bool {
    switch setting.value {
    case "yes", "true": true
    case "no", "false": false
    default: throw file.error(setting.line, "'\(setting.key)' is yes or no")
    }
  }

  /// Reads `UPSTREAM-URL -> PATH, …`.
  private static func roots(
    _ setting: ConfigurationFile.Setting, in file: ConfigurationFile
  ) throws(MirrorError) -> [SourceSettings.Root] {
    try setting.value.split(separator: ",").map { pair throws(MirrorError) in
      let words = pair.split(whereSeparator: \.isWhitespace)
      guard words.count == 3, words[1] == "->", let upstream = Locator(String(words[0])),
        ["http", "https"].contains(upstream.scheme), upstream.userInfo == nil
      else {
        throw file.error(
          setting.line,
          "'roots' is a list of URL -> PATH, such as https://a.example/debian -> debian"
        )
      }
      let path = words[2].split(separator: "/").joined(separator: "/")
      return SourceSettings.Root(upstream: upstream, path: path)
    }
  }

  private static func isOfRegion(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "-")
  }

  private static func words(_ value: String) -> [String] {
    value.split { $0 == "," || $0.isWhitespace }.map { String($0) }
  }
}
