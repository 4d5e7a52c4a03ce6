/// A pip command line, as far as holding it to SONiC's lists needs it.
///
/// Recognised from pip's own grammar (`pip --help`): options before the sub-command, then the
/// sub-command, then its options and requirements in any order.
package struct PipCommand: Sendable, Equatable {
  /// The sub-command, such as `install`; `nil` when there is none.
  package var subcommand: String?
  /// The projects that the command line names with a version or as a wheel, normalised.
  package var pinned: Set<String> = []
  /// The projects that it asks for in whatever version, normalised.
  package var asked: [String] = []
  /// The requirement files it names.
  package var requirementFiles: [String] = []
  /// Whether it brings constraints of its own.
  package var isConstrained = false
  /// Whether pip starts itself again with another Python (`--python`), as a child that has only the
  /// standard descriptors.
  package var startsOtherPython = false
  /// Whether it says how to build.
  package var choosesIsolation = false

  /// Reads the arguments, without the tool's name.
  package init(_ arguments: [String]) {
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      let following = index + 1 < arguments.count ? arguments[index + 1] : nil
      index += 1
      if word.hasPrefix("-") {
        if word == "--python" || word.hasPrefix("--python=") { startsOtherPython = true }
        if let option = Self.option(["-r", "--requirement"], word, following) {
          requirementFiles.append(option.value)
          index += option.words - 1
        } else if let option = Self.option(["-c", "--constraint"], word, following) {
          isConstrained = true
          index += option.words - 1
        } else if word == "--no-build-isolation" {
          choosesIsolation = true
        } else if Self.takesValue(word, isGlobal: subcommand == nil) {
          index += 1
        }
      } else if subcommand == nil {
        subcommand = word
      } else if let project = Self.pinnedProject(word) {
        pinned.insert(project)
      } else if let project = Self.askedProject(word) {
        asked.append(project)
      }
    }
  }

  /// Whether constraints have a meaning for it.
  package var takesConstraints: Bool { ["install", "download", "wheel"].contains(subcommand) }

  /// The project that a requirement or a wheel's path pins; `nil` when it pins none.
  ///
  /// Extras, markers and the folders of a path are left out (PEP 508, PEP 427).
  package static func pinnedProject(_ requirement: String) -> String? {
    if requirement.hasSuffix(".whl") {
      let file = requirement.split(separator: "/").last ?? ""
      return file.firstIndex(of: "-").map { ProjectName.normalise(file[..<$0]) }
    }
    guard let mark = requirement.firstRange(ofBytes: "=="), !requirement.contains("://") else {
      return nil
    }
    let name = requirement[..<mark].prefix { $0 != " " && $0 != "[" && $0 != ";" }
    return name.isEmpty ? nil : ProjectName.normalise(name)
  }

  /// The project that a requirement names; `nil` for a folder, a file, a URL and what is no requirement.
  package static func askedProject(_ requirement: String) -> String? {
    let name = requirement.prefix {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".")
    }
    let rest = requirement.dropFirst(name.count)
    // PEP 508: extras, a version, a URL or a marker may follow.
    guard let first = name.first, first.isLetter || first.isNumber,
      !requirement.utf8.contains(UInt8(ascii: "/")),
      ![".gz", ".zip", ".bz2", ".whl"].contains(where: { name.hasSuffix($0) }),
      rest.first.map({ "[ <>=!~;".contains($0) }) ?? true
    else { return nil }
    return ProjectName.normalise(name)
  }

  /// The projects that are asked for, and that neither the command nor a list gives a version.
  ///
  /// - Parameter read: the text of a requirement file.
  package func unpinned(in list: String, read: (String) -> String?) -> [String] {
    guard !isConstrained else { return [] }
    var known = pinned
    for line in list.split(whereSeparator: \.isNewline) {
      known.insert(ProjectName.normalise(line.prefix { $0 != "=" }))
    }
    var names = asked
    for line in requirementFiles.compactMap(read).flatMap({ $0.split(whereSeparator: \.isNewline) })
    {
      let text = String(line.drop { $0 == " " })
      if Self.pinnedProject(text) == nil, let name = Self.askedProject(text) { names.append(name) }
    }
    return names.filter { known.insert($0).inserted }
  }

  /// The constraints of a list, without those that the command outweighs.
  ///
  /// - Parameter read: the text of a requirement file.
  package func constraints(from list: String, read: (String) -> String?) -> String {
    var outweighed = pinned
    for line in requirementFiles.compactMap(read).flatMap({ $0.split(whereSeparator: \.isNewline) })
    {
      if let project = Self.pinnedProject(String(line.drop { $0 == " " })) {
        outweighed.insert(project)
      }
    }
    var lines: [String: String] = [:]
    for line in list.split(whereSeparator: \.isNewline) {
      guard let mark = String(line).firstRange(ofBytes: "==") else { continue }
      let text = String(line)
      let project = ProjectName.normalise(text[..<mark])
      if !outweighed.contains(project) { lines[project] = project + text[mark...] + "\n" }
    }
    return lines.sorted { $0.key < $1.key }.map(\.value).joined()
  }

  /// An option in any of its spellings, `-r F`, `-rF`, `--requirement F`, `--requirement=F`: its value,
  /// and how many words it takes.
  private static func option(
    _ names: [String], _ word: String, _ following: String?
  ) -> (value: String, words: Int)? {
    // Flags may stand before it in one word, as in `-Ur requirements.txt`.
    let isCluster = !word.hasPrefix("--")
    let word = isCluster ? "-" + word.dropFirst().drop { "UIqv".contains($0) } : word
    for name in names {
      if word == name { return (following ?? "", 2) }
      if name.hasPrefix("--") {
        if word.hasPrefix(name + "=") { return (String(word.dropFirst(name.utf8.count + 1)), 1) }
      } else if isCluster, word.hasPrefix(name) {
        return (String(word.dropFirst(name.utf8.count)), 1)
      }
    }
    return nil
  }

  /// Whether the next word belongs to an option.
  private static func takesValue(_ word: String, isGlobal: Bool) -> Bool {
    globalOptions.contains(word) || (!isGlobal && options.contains(word))
  }

  private static let globalOptions: Set<String> = [
    "--cache-dir", "--cert", "--client-cert", "--default-timeout", "--exists-action",
    "--keyring-provider", "--log", "--log-file", "--proxy", "--python", "--retries", "--timeout",
    "--trusted-host", "--use-deprecated", "--use-feature",
  ]
  private static let options: Set<String> = [
    "-e", "--editable", "-t", "--target", "-i",
    "--index-url", "--extra-index-url", "-f", "--find-links", "-d", "--dest", "-w", "--wheel-dir",
    "-b", "--build", "--src", "--prefix", "--root", "--platform", "--python-version",
    "--implementation", "--abi", "--no-binary", "--only-binary", "--install-option",
    "--global-option", "--build-option", "--config-settings", "-C", "--progress-bar", "--report",
    "--upgrade-strategy", "--build-constraint", "--group", "--root-user-action",
  ]
}

extension String {
  /// Where a word begins, compared by bytes.
  fileprivate func firstRange(ofBytes word: String) -> String.Index? {
    let wanted = Array(word.utf8)
    return utf8.indices.first { utf8[$0...].starts(with: wanted) }
  }
}
