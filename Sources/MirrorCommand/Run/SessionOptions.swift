import ArgumentParser
internal import Glibc
import MirrorCore

/// The options that say where things are and what is allowed; the same for every command.
struct SessionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration.", discussion: "Without it, mirror.conf here is read if it is there.",
      valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The store.", valueName: "dir"), completion: .directory)
  var store = ".mirror"

  @Option(help: ArgumentHelp("The lock.", valueName: "file"), completion: .file())
  var lock = "mirror.lock"

  @Flag(help: "Serve only what is in the lock, with its digest.")
  var locked = false

  @Flag(help: "Open no connection; serve from the store alone.")
  var offline = false

  @Flag(help: "Every mirror a gatekeeper, digests required, incidents fatal.")
  var strict = false

  /// Reads the configuration that the options name.
  ///
  /// - Throws: `misconfigured` when it cannot be read or understood.
  func configuration(for ecosystems: [Ecosystem]) throws(MirrorError) -> Configuration {
    let path = config ?? "mirror.conf"
    guard let bytes = try Disk.read(path) else {
      if config == nil { return Configuration() }
      throw MirrorError(.misconfigured, "\(path): there is no such file; check --config")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MirrorError(.misconfigured, "\(path): is not UTF-8 text; check --config")
    }
    return try Configuration(ConfigurationFile(text, path: path), ecosystems: ecosystems)
  }
}
