import ArgumentParser
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror versions import`: the URLs of versions-web, fetched and checked, in the lock.
struct ImportCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring the URLs of versions-web into store and lock.",
    discussion: """
        sonic-mirror versions import --versions files/build/versions/default

      SONiC knows the MD5 of a URL, the lock its SHA-256: so each URL is fetched through the chain, checked \
      against its MD5 and recorded. What the store has is not fetched again; with --offline nothing is.
      """)

  @OptionGroup var session: SessionOptions

  @Option(
    help: ArgumentHelp("A folder with versions-web.", valueName: "dir"), completion: .directory)
  var versions = "files/build/versions/default"

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let list = try ImageVersions(contentsOf: versions)[.web]
    guard !list.isEmpty else {
      throw MirrorError(.misconfigured, "\(versions): has no versions-web with a URL in it")
    }
    let session = try Session(self.session, in: toolbox)
    let known = try WebImport(list, from: session.store) { url in
      toolbox.resolvers.lazy.compactMap { $0.request(naming: url) }.first
    }
    for fault in known.faults { toolbox.console.warn(fault) }
    let (entries, failure) = await fetch(known.missing, in: session)
    await session.close()
    try session.store.settle()
    try await Lockfile.add(known.entries + entries, toFileAt: session.lockPath)
    let count = known.entries.count + entries.count
    toolbox.console.say(
      "\(count) of \(list.count) URLs in \(session.lockPath): \(entries.count) fetched, "
        + "\(known.entries.count) were in the store")
    return failure?.exitCode ?? (count == list.count ? 0 : CommandLineTool.notFound)
  }

  /// Fetches what is missing, some at once; each failure is said by the ledger.
  private func fetch(
    _ requests: [Request], in session: Session
  ) async -> (entries: [LockEntry], failure: MirrorError.Code?) {
    var entries: [LockEntry] = []
    var failure: MirrorError.Code?
    await withTaskGroup(of: (Request, Resolution).self) { group in
      var waiting = requests[...]
      func start(_ count: Int) {
        for request in waiting.prefix(count) {
          guard let chain = session.chains[request.ecosystem] else { continue }
          group.addTask { (request, await chain.resolve(request)) }
        }
        waiting = waiting.dropFirst(count)
      }
      start(8)
      for await (request, resolution) in group {
        session.ledger.record(request, resolution)
        switch resolution {
        case .satisfied(let delivery, _):
          entries.append(
            LockEntry(
              ecosystem: request.ecosystem, identity: request.identity,
              state: .present(delivery.digest, size: delivery.size)))
        case .failed(let error, _): failure = failure ?? error.code
        case .missed: break
        }
        start(1)
      }
    }
    return (entries, failure)
  }
}
