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

  /// What is done.
  package let effect: Effect

  /// Reads the arguments, without the tool's name.
  package init(_ tool: String, _ arguments: [String]) {
    effect = tool == "dpkg" ? Self.dpkg(arguments) : Self.apt(arguments)
  }

  /// The first word that is no option and no option's value (apt-get(8)).
  private static func apt(_ arguments: [String]) -> Effect {
    var words = arguments[...]
    while let word = words.popFirst() {
      if valued.contains(word) {
        words = words.dropFirst()
      } else if !word.hasPrefix("-") {
        if installing.contains(word) { return .installs }
        return removing.contains(word) ? .removes : .none
      }
    }
    return .none
  }

  private static func dpkg(_ arguments: [String]) -> Effect {
    arguments.contains { changing.contains($0) } ? .installs : .none
  }

  private static let valued: Set<String> = [
    "-o", "--option", "-c", "--config-file", "-t", "--target-release", "--default-release", "-a",
    "--host-architecture", "-P", "--build-profiles", "--solver", "--planner",
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
