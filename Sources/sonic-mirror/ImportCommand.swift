import ArgumentParser
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror versions import`: the URLs of versions-web and the repositories of versions-git, fetched and
/// checked, in the lock.
struct ImportCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring versions-web and versions-git into store and lock.",
    discussion: """
        sonic-mirror versions import --versions files/build/versions/default

      SONiC knows the MD5 of a URL, the lock its SHA-256: so each URL is fetched through the chain, checked \
      against its MD5 and recorded. What the store has is not fetched again; with --offline nothing is. A \
      repository is fetched whole, and recorded with HEAD and its branch at the commit of the list.
      """)

  @OptionGroup var session: SessionOptions

  @Option(
    help: ArgumentHelp("A folder with versions-web or versions-git.", valueName: "dir"),
    completion: .directory)
  var versions = "files/build/versions/default"

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let lists = try ImageVersions(contentsOf: versions)
    let list = lists[.web]
    guard !list.isEmpty || !lists[.git].isEmpty else {
      throw MirrorError(
        .misconfigured, "\(versions): has no versions-web and no versions-git with a line in it")
    }
    let session = try Session(self.session, in: toolbox)
    let known = try WebImport(list, from: session.store, beside: session.lock) { url in
      toolbox.resolvers.lazy.compactMap { $0.request(naming: url) }.first
    }
    let repositories = GitImport(lists[.git]) { url in
      toolbox.resolvers.lazy.compactMap { $0.request(naming: "git+\(url)") }.first
    }
    for fault in known.faults + repositories.faults { toolbox.console.warn(fault) }
    let (entries, failure) = await fetch(known.missing, in: session, toolbox.console)
    let (commits, gitFailure) = await fetch(repositories.requests, in: session, toolbox.console)
    await session.close()
    try session.store.settle()
    let lines = await session.completed(
      known.entries + entries + commits, by: toolbox.resolvers)
    try await Lockfile.add(lines, toFileAt: session.lockPath)
    let count = known.entries.count + entries.count
    if !list.isEmpty {
      toolbox.console.say(
        "\(count) of \(list.count) URLs in \(session.lockPath): \(entries.count) fetched, "
          + "\(known.entries.count) were in the store")
    }
    if !lists[.git].isEmpty {
      toolbox.console.say(
        "\(commits.count) of \(lists[.git].count) repositories in \(session.lockPath)")
    }
    let isWhole = count == list.count && commits.count == lists[.git].count
    return (failure ?? gitFailure)?.exitCode ?? (isWhole ? 0 : CommandLineTool.notFound)
  }

  /// Fetches what is missing, some at once; each failure is said by the ledger.
  private func fetch(
    _ requests: [Request], in session: Session, _ console: Console
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
            session.lock.line(
              for: request, .present(delivery.digest, size: delivery.size), facts: delivery.facts))
        case .failed(let error, _): failure = failure ?? error.code
        case .missed:
          let commit = request.attributes["commit"].map { "@\($0)" } ?? ""
          console.warn("\(request.identity)\(commit): nobody has it")
        }
        start(1)
      }
    }
    return (entries, failure)
  }
}
