import ArgumentParser
import MirrorCore

/// `mirror pull`: a store filled from a lock, without a build.
struct PullCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fill the store with everything that the lock names.",
    discussion: """
        mirror pull
        mirror pull --lock release/mirror.lock --store /srv/mirror
        mirror pull --into acme

      Eight things at a time come through their chains, held to the lock's digests; what the store has \
      is not asked for, and what broke off is continued by the next pull. All that cannot be had is \
      named at the end, and the exit code is that of the first: 10 when nobody has it, else as \
      mirror --help says. With --into, mirror push follows when all of it is there.
      """)

  @OptionGroup var session: SessionOptions

  @Option(help: ArgumentHelp("Also fill this mirror of the configuration.", valueName: "mirror"))
  var into: String?

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let things = try LockedThing.all(inLockAt: session.lock, for: toolbox.resolvers)
    var options = session
    options.locked = true
    FileLimit.raise()
    let session = try Session(options, in: toolbox)
    do throws(MirrorError) {
      let push = try into.map { name throws(MirrorError) in
        try Push(things, to: name, in: session, toolbox.console)
      }
      let outcome = await Pull(things: things, session: session, console: toolbox.console).run()
      try session.store.settle()
      if json {
        try StandardOutput.print(JSON.text(outcome.report))
      } else {
        for line in outcome.report.summary(lock: nil) { toolbox.console.say(line) }
      }
      let status = outcome.status == 0 ? try await push?.run() ?? 0 : outcome.status
      await session.close()
      return status
    } catch {
      await session.close()
      throw error
    }
  }
}
