import MirrorCore

/// The repositories of a lock as a tree of bare ones, at `HOST/PATH.git`.
///
/// Git reads them from a folder or over plain HTTP (gitprotocol-http(5), dumb clients), and so does a mirror
/// by its everyday layout, large files included.
struct BareTree {
  /// A repository of the tree.
  private struct Item {
    var repository: GitRepository
    /// The digest of its refs; `nil` when the lock has none.
    var refs: Digest?
    /// Objects that the refs do not lead to.
    var objects: [String] = []
  }

  /// The repositories by their path.
  private var items: [String: Item] = [:]
  /// The large files, where bare repositories keep them.
  private(set) var files: [StaticFile] = []

  /// - Throws: `misconfigured` when something has no path, or two things have the same.
  init(_ entries: [LockEntry], of resolver: GitResolver) throws(MirrorError) {
    for entry in entries {
      guard let digest = entry.bytes?.digest, let request = resolver.request(for: entry) else {
        continue
      }
      if let file = LargeFile(request) {
        guard file.place.isOfRepository else {
          throw MirrorError(
            .misconfigured,
            "\(entry.identity): is at a server of large files alone, for which a tree of repositories has "
              + "no place; serve it with mirror serve --offline")
        }
        let path = "\(try Self.path(of: file.place.repository))/\(file.pathInRepository)"
        files.append(StaticFile(path: path, bytes: .stored(digest)))
        continue
      }
      let repository = GitRepository(request.origin)
      let path = try Self.path(of: repository)
      var item = items[path] ?? Item(repository: repository)
      guard item.repository.identity == repository.identity else {
        throw MirrorError(
          .misconfigured,
          "\(item.repository.identity) and \(repository.identity): would both be \(path); export them from "
            + "two locks, to two folders")
      }
      if entry.changes { item.refs = digest }
      if let id = entry.attributes["commit"], !entry.changes { item.objects.append(id) }
      items[path] = item
    }
  }

  private static func path(of repository: GitRepository) throws(MirrorError) -> String {
    let path = RepositoryLayout().path(of: repository).map { PercentEncoding.decode($0) }
    guard let path, StaticFile(path: path, bytes: .made([])).isSafe else {
      throw MirrorError(.misconfigured, "\(repository.identity): cannot be the name of a folder")
    }
    return path
  }

  /// Writes the repositories.
  ///
  /// - Returns: how many there are.
  /// - Throws: `misconfigured` when one is there already, `offline` or `corrupt` when the store lacks one or has
  ///   lost objects; nothing is written then.
  func write(to folder: String, from shelf: RepositoryShelf) async throws(MirrorError) -> Int {
    var work: [(place: String, item: Item, refs: RefList)] = []
    for (path, item) in items.sorted(by: { $0.key < $1.key }) {
      let place = "\(folder)/\(path)"
      guard !RepositoryShelf.isRepository(place) else {
        throw MirrorError(
          .misconfigured, "\(place): is there already; remove it, or name another folder")
      }
      work.append((place, item, try await refs(of: item, shelf)))
    }
    // None has its name before all are whole.
    defer { for (place, _, _) in work { Disk.removeTree(Self.draft(of: place)) } }
    for (place, item, refs) in work {
      try await write(item, refs, to: Self.draft(of: place), from: shelf)
    }
    for (place, _, _) in work { try Disk.rename(Self.draft(of: place), to: place) }
    return work.count
  }

  /// The refs of a repository, all of whose objects are in the store.
  private func refs(of item: Item, _ shelf: RepositoryShelf) async throws(MirrorError) -> RefList {
    var refs = try RefList([], of: item.repository.identity)
    if let digest = item.refs {
      guard let recorded = try shelf.recorded(digest) else {
        throw MirrorError(
          .offline, "\(item.repository.identity): its refs are not in the store; run mirror pull")
      }
      refs = recorded
    }
    let objects = shelf.objects(of: item.repository)
    let isThere = RepositoryShelf.isRepository(objects)
    let names = refs.objects.union(item.objects).sorted()
    let missing =
      isThere ? try await shelf.missing(names, in: objects) : names
    guard missing.isEmpty else {
      throw MirrorError(
        isThere ? .corrupt : .offline,
        "\(item.repository.identity): \(missing.count) of the recorded objects are not in \(objects); "
          + "mirror pull brings them in, where upstream still has them")
    }
    return refs
  }

  private func write(
    _ item: Item, _ refs: RefList, to draft: String, from shelf: RepositoryShelf
  ) async throws(MirrorError) {
    Disk.removeTree(draft)
    for folder in ["objects/info", "refs"] { try Disk.makeFolder("\(draft)/\(folder)") }
    let borrowed = "objects/info/alternates"
    for (name, bytes) in [
      borrowed: Array("\(shelf.objects(of: item.repository))/objects\n".utf8),
      "HEAD": refs.headFile, "packed-refs": refs.packedRefs,
      "config": Array(RepositoryShelf.configuration(usesSHA256: refs.usesSHA256).utf8),
    ] {
      try Disk.replace("\(draft)/\(name)", with: bytes)
    }
    do throws(MirrorError) {
      // Over plain HTTP git finds an object by a ref alone.
      for id in item.objects {
        try await shelf.git(["--git-dir", draft, "update-ref", "refs/mirror/\(id)", id])
      }
      // The objects become its own; that none is lacking is seen without those it borrowed.
      try await shelf.git(["--git-dir", draft, "repack", "-a", "-d", "-q"])
      Disk.remove("\(draft)/\(borrowed)")
      try await shelf.git(
        ["--git-dir", draft, "fsck", "--connectivity-only", "--no-dangling", "--no-progress"])
      try await shelf.git(["--git-dir", draft, "update-server-info"])
    } catch {
      throw MirrorError(
        .corrupt, "\(item.repository.identity): \(error.message); mirror check looks at the store")
    }
  }

  private static func draft(of place: String) -> String { "\(place).part" }
}
