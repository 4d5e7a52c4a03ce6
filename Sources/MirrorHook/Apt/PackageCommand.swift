/// A command line of apt, apt-get or dpkg, as far as it says what is done to the machine's packages.
package struct PackageCommand: Sendable, Equatable {
  /// What is done.
  package enum Effect: Sendable, Equatable {
    /// Packages are installed or configured.
    case installs
    /// Packages are removed; SONiC's own hook notes them first.
    case removes
    /// Nothing that needs dpkg's lock.
    case none
  }

  /// The sub-command of apt; empty when there is none.
  package let verb: String
  /// What is done.
  package let effect: Effect
  /// The packages that are to be installed, without those whose version the command says itself.
  package let asked: [String]

  /// Reads the arguments, without the tool's name.
  package init(_ tool: String, _ arguments: [String]) {
    guard tool != "dpkg" else {
      verb = ""
      effect = Self.dpkg(arguments)
      asked = []
      return
    }
    let words = Self.operands(arguments)
    verb = words.first ?? ""
    effect =
      Self.installing.contains(verb) ? .installs : Self.removing.contains(verb) ? .removes : .none
    asked =
      verb == "install" || verb == "reinstall" ? words.dropFirst().compactMap(Self.package) : []
  }

  /// The packages that are asked for and that a list of `NAME==VERSION` lines does not have.
  package func unpinned(in list: String) -> [String] {
    guard !asked.isEmpty else { return [] }
    var names: Set<Substring> = []
    for line in list.split(whereSeparator: \.isNewline) {
      names.insert(line.prefix { $0 != "=" })
    }
    return asked.filter { name in
      // `NAME+` asks for NAME, unless there is a package of that very name, such as g++ (apt-get(8)).
      !names.contains(name[...]) && !(name.hasSuffix("+") && names.contains(name.dropLast()))
    }
  }

  /// The words that are no option and no option's value (apt-get(8)).
  private static func operands(_ arguments: [String]) -> [String] {
    var operands: [String] = []
    var words = arguments[...]
    while let word = words.popFirst() {
      if word == "--" { return operands + words }
      if valued.contains(word) || takesNext(word) {
        words = words.dropFirst()
      } else if !word.hasPrefix("-") {
        operands.append(word)
      }
    }
    return operands
  }

  /// Whether short options, such as `-o` or the group `-yt`, take the next word as the value of the last.
  private static func takesNext(_ word: String) -> Bool {
    guard word.hasPrefix("-"), !word.hasPrefix("--") else { return false }
    let first = word.dropFirst().firstIndex { "octaP".contains($0) || $0 == "=" }
    return first.map { word.index(after: $0) == word.endIndex && word[$0] != "=" } ?? false
  }

  /// The name in `NAME[:ARCHITECTURE][/SUITE]`; `nil` for `NAME=VERSION`, a file, and `NAME-`, which removes.
  private static func package(_ word: String) -> String? {
    guard !word.hasPrefix("/"), !word.hasPrefix("."), !word.hasSuffix("-"),
      !word.utf8.contains(UInt8(ascii: "="))
    else { return nil }
    return String(word.prefix { $0 != ":" && $0 != "/" })
  }

  private static func dpkg(_ arguments: [String]) -> Effect {
    arguments.contains { changing.contains($0) } ? .installs : .none
  }

  private static let valued: Set<String> = [
    "--option", "--config-file", "--target-release", "--default-release", "--host-architecture",
    "--build-profiles", "--solver", "--planner",
  ]
  private static let installing: Set<String> = [
    "install", "reinstall", "upgrade", "dist-upgrade", "full-upgrade", "dselect-upgrade",
    "build-dep", "satisfy",
  ]
  private static let removing: Set<String> = [
    "remove", "purge", "autoremove", "auto-remove", "autopurge",
  ]
  private static let changing: Set<String> = [
    "-i", "--install", "-P", "--purge", "-r", "--remove", "--unpack", "--configure",
    "--update-avail", "--merge-avail", "--clear-avail", "--triggers-only",
  ]
}
