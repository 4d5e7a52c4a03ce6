#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A call of apt or apt-get in a run whose packages are held to versions.
///
/// apt itself is held by its preferences. What it cannot say is that a package was asked for that no list
/// has: we do, once for each package of a run, and where the run is strict apt does not start.
struct PinnedCommand {
  /// The tools that have a wrapper.
  static let tools: Set<String> = ["apt", "apt-get"]
  /// The exit code of a refusal by policy.
  private static let refused: Int32 = 20

  private let list: String

  /// Finds out whether the run has a list; nil where it has none.
  init?() {
    guard let list = ToolSurroundings.process.nonEmpty("MIRROR_APT_PINS") else { return nil }
    self.list = list
  }

  /// Says which packages of a call have no version in the list; ends the process where that is refused.
  ///
  /// - Parameter arguments: nil when they cannot be read, since they are not UTF-8.
  func check(_ tool: String, _ arguments: [String]?) {
    let isStrict = ToolSurroundings.process.nonEmpty("MIRROR_APT_STRICT") != nil
    guard let arguments, let text = TextFile.contents(of: list) else {
      guard isStrict else { return }
      let what = arguments == nil ? "an argument that is not UTF-8" : "the pins in \(list)"
      Hook.say("mirror: \(tool): \(what) cannot be read, and the run is strict")
      exit(Self.refused)
    }
    let names = PackageCommand(tool, arguments).unpinned(in: text)
    guard !names.isEmpty else { return }
    if isStrict {
      Hook.say(
        "mirror: \(tool): the pins have no version of \(names.joined(separator: ", ")), and the run "
          + "is strict; pin it, or say its version in the command")
      exit(Self.refused)
    }
    let said = Set(
      (TextFile.contents(of: "\(list).said") ?? "").split(separator: "\n").map { String($0) })
    let new = names.filter { !said.contains($0) }
    guard !new.isEmpty else { return }
    Hook.say("mirror: \(tool): the pins have no version of \(new.joined(separator: ", "))")
    note(new)
  }

  /// Notes what was said; a command of a user who may not write there says it again.
  private func note(_ names: [String]) {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let descriptor = open("\(list).said", flags, 0o644)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = Descriptor.write(Array(names.map { "\($0)\n" }.joined().utf8)[...], to: descriptor)
  }
}
