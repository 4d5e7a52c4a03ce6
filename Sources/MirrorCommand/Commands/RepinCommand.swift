import ArgumentParser
import MirrorCore

/// `mirror repin`: a recorded change of mind about what a name stands for.
struct RepinCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "repin", abstract: "Let a name of the lock stand for what its sources give today.",
    discussion: """
        mirror repin --reason 'upstream re-rolled 1.2' https://files.acme.example/tool-1.2.tgz

      Nothing else ever changes a digest in the lock. Reason, old and new digest are in the ledger.
      """)

  @OptionGroup var session: SessionOptions

  @Option(help: ArgumentHelp("Why the change is meant.", valueName: "text"))
  var reason: String

  @Argument(help: ArgumentHelp("A URL or a package URL of the lock.", valueName: "url-or-purl"))
  var name: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let request = try await toolbox.request(naming: name, lock: session.lock)
    let session = try Session(self.session, in: toolbox)
    guard let old = session.lock.entry(for: request) else {
      throw MirrorError(
        .misconfigured, "\(request.identity): is not in \(session.lockPath); nothing to repin")
    }
    // What it must hash to is what is asked; whatever else is strict stays so.
    var policy = session.policy
    policy.isStrict = false
    let sources = (session.chains[request.ecosystem]?.sources ?? []).compactMap {
      (source) -> Source? in
      switch source.kind {
      case .store: nil
      case .mirror(let mirror):
        Source.mirror(
          mirror, mode: session.policy.isStrict ? .gatekeeper : source.mode, isOwner: source.isOwner
        )
      case .origin: source
      }
    }
    let resolver = toolbox.resolvers.first { $0.ecosystem == request.ecosystem }
    let fresh = FallbackChain(
      sources, store: session.store, policy: policy, verifier: resolver?.verifier,
      observers: toolbox.observers)
    session.store.forget(request)
    let before = old.bytes?.digest.description ?? "absent"
    var asked = request
    asked.attributes["repin"] = reason
    asked.attributes["before"] = before
    let resolution = await fresh.resolve(request)
    session.ledger.record(asked, resolution)
    await session.close()
    guard case .satisfied(let delivery, _) = resolution else {
      if case .failed(let error, _) = resolution { return error.code.exitCode }
      toolbox.console.warn("\(request.identity): nobody has it")
      return CommandLineTool.notFound
    }
    var entry = old
    entry.state = .present(delivery.digest, size: delivery.size)
    entry.attributes.merge(delivery.facts) { $1 }
    try session.store.settle()
    try await Lockfile.add([entry], toFileAt: session.lockPath, replacing: true)
    toolbox.console.say("\(request.identity): \(before) → \(delivery.digest)")
    return 0
  }
}
