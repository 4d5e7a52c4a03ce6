package import ArgumentParser
internal import Glibc
import MirrorCore

/// The options that say where things are and what is allowed; the same for every command.
package struct SessionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration.", discussion: "Without it, mirror.conf here is read if it is there.",
      valueName: "file"))
  package var config: String?

  @Option(help: ArgumentHelp("The store.", valueName: "dir"), completion: .directory)
  package var store = ".mirror"

  @Option(help: ArgumentHelp("The lock.", valueName: "file"), completion: .file())
  package var lock = "mirror.lock"

  @Flag(help: "Serve only what is in the lock, with its digest.")
  package var locked = false

  @Flag(help: "Open no connection; serve from the store alone.")
  package var offline = false

  @Flag(help: "Every mirror a gatekeeper, digests required, incidents fatal.")
  package var strict = false

  package init() {}

  /// Reads the configuration that the options name.
  ///
  /// - Throws: `misconfigured` when it cannot be read or understood.
  func configuration(for toolbox: Toolbox) throws(MirrorError) -> Configuration {
    try Configuration(
      at: config, for: toolbox.resolvers.map(\.ecosystem), beside: toolbox.mirrors)
  }
}
