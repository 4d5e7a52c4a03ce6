import ArgumentParser
import MirrorCore
import MirrorHTTP

/// `mirror export`: a tree that an ecosystem's own tools read without us.
struct ExportCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a static tree that the tools read without mirror.",
    discussion: """
        mirror export --layout web files        # HOST/PATH, as wget -x lays files out
        mirror export --layout pip index        # pip --index-url file:///…/index/simple/
        mirror export --layout go goproxy       # GOPROXY=file:///…/goproxy
        mirror export --layout apt archive      # deb file:///…/archive/HOST/PATH SUITE COMPONENT
        mirror export --layout git repositories # git clone file:///…/repositories/HOST/PATH.git

      The tree holds what the lock names and can be put behind any web server. Nothing is written when \
      the store lacks something; all of that is named, and the exit code is 26. Give each lock a folder \
      of its own, for pages and lists are those of one lock.
      """)

  @OptionGroup var session: SessionOptions

  @Option(help: ArgumentHelp("Whose tree: the name of an ecosystem.", valueName: "ecosystem"))
  var layout: String

  @Argument(help: ArgumentHelp("The folder.", valueName: "dir"), completion: .directory)
  var folder: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let resolver = try toolbox.resolver(of: layout)
    let things = try LockedThing.all(inLockAt: session.lock, for: toolbox.resolvers)
      .filter { $0.request.ecosystem == resolver.ecosystem }
    let store = try Store(at: session.store)
    let missing = try LockedThing.missing(of: things, in: store)
    guard missing.isEmpty else { return toolbox.console.report(missing: missing) }
    let entries = try Lockfile(contentsOf: session.lock).entries
      .filter { $0.ecosystem == resolver.ecosystem && $0.bytes != nil }
    guard !entries.isEmpty else {
      throw MirrorError(.misconfigured, "\(session.lock): has nothing of \(layout)")
    }
    let tree = try resolver.staticFiles(of: entries) { digest throws(MirrorError) in
      let file = try store.present(digest)
      return try file.read(at: 0, count: file.size)
    }
    guard let tree else {
      throw MirrorError(
        .misconfigured, "\(layout): its tools read no static tree that could be written")
    }
    if let unsafe = tree.first(where: { !$0.isSafe }) {
      throw MirrorError(
        .misconfigured, "\(unsafe.path): cannot be the name of a file; nothing was written")
    }
    let surroundings = Surroundings(
      environment: toolbox.environment, programs: SubprocessRunner(),
      storage: Disk.absolute(store.path))
    let folders = try await resolver.writeFolders(
      of: entries, to: Disk.absolute(folder), in: surroundings)
    try write(tree, store, toolbox.console)
    let count = folders == 0 ? "" : "\(folders) folder\(folders == 1 ? "" : "s") and "
    toolbox.console.say("\(count)\(tree.count) files in \(folder)")
    return 0
  }

  private func write(
    _ tree: [StaticFile], _ store: Store, _ console: Console
  ) throws(MirrorError) {
    let writer = TreeWriter(root: folder)
    for (index, file) in tree.enumerated() {
      console.showProgress("\(index + 1) of \(tree.count)")
      switch file.bytes {
      case .made(let bytes): try writer.write(bytes, at: file.path)
      case .stored(let digest): try writer.write(try store.present(digest), at: file.path)
      }
    }
    console.showProgress("")
  }
}
