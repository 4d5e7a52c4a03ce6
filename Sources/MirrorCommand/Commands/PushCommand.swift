import ArgumentParser
import MirrorCore

/// `mirror push`: a mirror filled from the store.
struct PushCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Upload what the lock names to a mirror that takes PUT.",
    discussion: """
        mirror push acme
        mirror push --lock release/mirror.lock --store /srv/mirror acme

      Each thing is put where the mirror's own layout will look for it, with the mirror's credential: \
      of all ecosystems whose chain names the mirror. What is there is not uploaded again, by the \
      server's own checksum or by getting it, and what is there and something else is never replaced, but \
      for indexes. What was uploaded is checked by the \
      server's own SHA-256 of it, or by getting it back. Everything has to be in the store: mirror pull.
      """)

  @OptionGroup var session: SessionOptions

  @Argument(help: ArgumentHelp("A mirror of the configuration.", valueName: "mirror"))
  var mirror: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let things = try LockedThing.all(inLockAt: session.lock, for: toolbox.resolvers)
    FileLimit.raise()
    let session = try Session(self.session, in: toolbox, isRecorded: false)
    do throws(MirrorError) {
      let status = try await Push(things, to: mirror, in: session, toolbox.console).run()
      await session.close()
      return status
    } catch {
      await session.close()
      throw error
    }
  }
}
