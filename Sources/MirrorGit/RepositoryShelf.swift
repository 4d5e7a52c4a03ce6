import MirrorCore

/// The bare repositories of the store: for each upstream one with every object that was ever fetched, and
/// for each recorded list of refs a small one that shows exactly these refs.
///
/// ```
/// git/3f/3f9c…/objects.git       the objects; what upstream has now is below refs/now
/// git/3f/3f9c…/refs/ab12….git    refs and HEAD as recorded; its objects are those beside it
/// ```
///
/// Nothing is ever collected as garbage, so what upstream deleted or overwrote stays.
struct RepositoryShelf: Sendable {
  private let storage: String
  private let root: String
  private let programs: any ProgramRunner
  private let path: String

  /// - Throws: `misconfigured` when there is no store.
  init(_ surroundings: Surroundings) throws(MirrorError) {
    guard let storage = surroundings.storage else {
      throw MirrorError(.misconfigured, "git repositories need a store; give one with --store")
    }
    self.storage = storage
    root = Self.root(in: storage)
    programs = surroundings.programs
    path = surroundings.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
  }

  /// Where the objects of a repository are.
  func objects(of repository: GitRepository) -> String { "\(folder(of: repository))/objects.git" }

  // MARK: Objects

  /// Makes the repository for the objects, if it is not there.
  ///
  /// - Returns: its path.
  func prepare(
    _ repository: GitRepository, usesSHA256: Bool = false
  ) async throws(MirrorError) -> String {
    let place = objects(of: repository)
    if Self.isRepository(place) { return place }
    let draft = draft(beside: place)
    try Disk.makeFolder(draft)
    defer { Disk.removeTree(draft) }
    let format = usesSHA256 ? "sha256" : "sha1"
    try await git(["init", "--quiet", "--bare", "--template=", "--object-format=\(format)", draft])
    try publish(draft, as: place)
    return place
  }

  /// Makes an empty repository beside another that has the objects of that one; whoever asked for it removes
  /// it.
  func makeBorrower(of place: String) async throws(MirrorError) -> String {
    let words = ["--git-dir", place, "rev-parse", "--show-object-format"]
    let format = String(decoding: try await git(words), as: UTF8.self).prefix { $0 != "\n" }
    let draft = draft(beside: place)
    do throws(MirrorError) {
      try Disk.makeFolder(draft)
      try await git([
        "init", "--quiet", "--bare", "--template=", "--object-format=\(format)", draft,
      ])
      try Disk.makeFolder("\(draft)/objects/info")
      try Disk.replace("\(draft)/objects/info/alternates", with: "\(place)/objects\n".utf8)
    } catch {
      Disk.removeTree(draft)
      throw error
    }
    return draft
  }

  /// Whether an object and everything it leads to is here, up to what is proven by refs.
  func isComplete(_ name: String, in place: String) async throws(MirrorError) -> Bool {
    let words = ["rev-list", "--objects", "--quiet", name, "--not", "--all"]
    let program = Program(["git", "--git-dir", place] + words, environment: environment)
    return try await programs.collect(program).end.status == 0
  }

  /// Whether all of the objects, and what they lead to, were fetched.
  ///
  /// Only refs prove it: git sets one when it has seen that nothing is missing behind it.
  func has(_ names: Set<String>, of repository: GitRepository) async throws(MirrorError) -> Bool {
    let place = objects(of: repository)
    guard Self.isRepository(place) else { return false }
    let output = try await git(["--git-dir", place, "for-each-ref", "--format=%(objectname)"])
    let proven = Set(String(decoding: output, as: UTF8.self).split(separator: "\n"))
    return names.allSatisfy { proven.contains($0[...]) }
  }

  /// The objects among these that are not in a repository.
  func missing(
    _ names: some Collection<String>, in place: String
  ) async throws(MirrorError) -> [String] {
    guard !names.isEmpty else { return [] }
    let output = try await git(
      ["--git-dir", place, "cat-file", "--batch-check"],
      input: Array(names.map { "\($0)\n" }.joined().utf8))
    return String(decoding: output, as: UTF8.self).split(separator: "\n")
      .filter { $0.hasSuffix(" missing") }.map { String($0.dropLast(8)) }
  }

  /// The objects among these that a repository does not have, and the commits and tags among them that its
  /// refs do not lead to: other refs over the same objects may.
  func unshown(
    _ names: some Collection<String>, in place: String
  ) async throws(MirrorError) -> [String] {
    let output = try await git(
      ["--git-dir", place, "cat-file", "--batch-check=%(objectname) %(objecttype)"],
      input: Array(names.map { "\($0)\n" }.joined().utf8))
    var kinds: [Substring: [String]] = [:]
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { kinds[words[1], default: []].append(String(words[0])) }
    }
    let commits = kinds["commit"] ?? []
    let others = (kinds["missing"] ?? []) + (kinds["tag"] ?? [])
    guard !commits.isEmpty else { return others }
    let walk = Program(
      ["git", "--git-dir", place, "rev-list", "--stdin", "--not", "--all"],
      environment: environment, input: Array(commits.map { "\($0)\n" }.joined().utf8))
    let (end, listing) = try await programs.collect(walk)
    // Where something is missing behind one, nothing proves any of them.
    guard end.status == 0 else { return others + commits }
    let beyond = Set(String(decoding: listing, as: UTF8.self).split(separator: "\n"))
    return others + commits.filter { beyond.contains($0[...]) }
  }

  // MARK: Refs

  /// Whether a store shows the refs of that digest, or has the repository at all, without looking into it.
  static func isThere(_ identity: String, _ refs: Digest?, in storage: String) -> Bool {
    let folder = folder(of: identity, in: root(in: storage))
    return isRepository("\(folder)/objects.git")
      && (refs.map { isRepository("\(folder)/refs/\($0.hex).git") } ?? true)
  }

  /// The refs of that digest, where the store has their text.
  func recorded(_ digest: Digest) throws(MirrorError) -> RefList? {
    guard let bytes = try Disk.read("\(storage)/sha256/\(digest.hex.prefix(2))/\(digest.hex)"),
      ContentHash.sha256(of: bytes) == digest
    else { return nil }
    return try RefList(bytes, of: "\(digest)")
  }

  /// Sees to it that there is a repository which shows these refs.
  func show(_ bytes: [UInt8], of repository: GitRepository) async throws(MirrorError) {
    let digest = ContentHash.sha256(of: bytes)
    if Self.isThere(repository.identity, digest, in: storage) { return }
    let refs = try RefList(bytes, of: repository.identity)
    _ = try await prepare(repository, usesSHA256: refs.usesSHA256)
    _ = try await view(of: refs, digest: digest, repository)
  }

  /// The repository that shows exactly these refs.
  ///
  /// - Returns: its path.
  /// - Throws: `corrupt` when the store has lost objects that they stand for.
  func view(
    of refs: RefList, digest: Digest, _ repository: GitRepository
  ) async throws(MirrorError) -> String {
    let objects = objects(of: repository)
    let missing =
      Self.isRepository(objects)
      ? try await self.missing(refs.objects.sorted(), in: objects) : refs.objects.sorted()
    if let first = missing.first {
      throw MirrorError(
        .corrupt,
        "\(repository.identity): \(missing.count) of the recorded objects, \(first) among them, are not "
          + "in \(objects); run the build once more without --offline and --locked")
    }
    let place = "\(folder(of: repository))/refs/\(digest.hex).git"
    if Self.isRepository(place) { return place }
    let draft = draft(beside: place)
    defer { Disk.removeTree(draft) }
    for folder in ["objects/info", "refs"] { try Disk.makeFolder("\(draft)/\(folder)") }
    let files = [
      "objects/info/alternates": Array("../../../objects.git/objects\n".utf8),
      "packed-refs": refs.packedRefs, "HEAD": refs.headFile,
      "config": Array(Self.configuration(usesSHA256: refs.usesSHA256).utf8),
    ]
    for (name, bytes) in files {
      try Disk.replace("\(draft)/\(name)", with: bytes, durably: true)
    }
    try publish(draft, as: place)
    return place
  }

  /// The settings of a repository that is served: every form of clone is possible.
  static func configuration(usesSHA256: Bool) -> String {
    """
    [core]
    \trepositoryformatversion = \(usesSHA256 ? 1 : 0)
    \tbare = true
    [uploadpack]
    \tallowFilter = true
    \tallowAnySHA1InWant = true

    """ + (usesSHA256 ? "[extensions]\n\tobjectformat = sha256\n" : "")
  }

  /// Makes an empty repository for git-lfs to work in; whoever asked for it removes it.
  ///
  /// - Returns: its path.
  func makeScratchRepository() throws(MirrorError) -> String {
    let place = try draft(of: "large")
    for folder in ["objects", "refs"] { try Disk.makeFolder("\(place)/\(folder)") }
    try Disk.replace("\(place)/HEAD", with: "ref: refs/heads/main\n".utf8)
    try Disk.replace("\(place)/config", with: Self.configuration(usesSHA256: false).utf8)
    return place
  }

  // MARK: Proof

  /// Looks at all objects anew that recorded refs, or an object, lead to.
  ///
  /// - Parameters:
  ///   - refs: the digest of the refs; `nil` for the object.
  ///   - object: the object.
  /// - Returns: whether they are here.
  /// - Throws: `corrupt` when some were damaged or lost.
  func check(
    _ identity: String, refs: Digest?, object: String? = nil
  ) async throws(MirrorError) -> Bool {
    guard Self.isThere(identity, refs, in: storage) else { return false }
    let folder = Self.folder(of: identity, in: root)
    let place = refs.map { "\(folder)/refs/\($0.hex).git" } ?? "\(folder)/objects.git"
    let words = ["fsck", "--full", "--no-dangling", "--no-progress"] + (object.map { [$0] } ?? [])
    let harmless = GitSettings(
      [("safe.directory", "*")] + GitClient.harmlessFlaws.map { ("fsck.\($0)", "ignore") })
    let bare = environment.filter {
      !$0.key.hasPrefix("GIT_CONFIG_KEY") && $0.key != "GIT_CONFIG_COUNT"
    }
    let program = Program(
      ["git", "--git-dir", place] + words,
      environment: bare.merging(harmless.variables(after: bare)) { $1 })
    let (end, output) = try await programs.collect(program)
    guard end.status != 0 else { return true }
    let lines = (end.errors + String(decoding: output, as: UTF8.self)).split(
      whereSeparator: \.isNewline)
    throw MirrorError(
      .corrupt, "\(identity): \(place): \(lines.first ?? "git fsck ended with \(end.status)")")
  }

  // MARK: Git

  /// The environment in which git sees nothing but a repository.
  var environment: [String: String] {
    let bare = [
      "PATH": path, "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
    ]
    // The store may belong to somebody else than who serves from it.
    return bare.merging(GitSettings([("safe.directory", "*")]).variables(after: bare)) { $1 }
  }

  /// Runs git without anybody's settings.
  ///
  /// - Throws: `misconfigured` when it fails.
  @discardableResult
  func git(_ arguments: [String], input: [UInt8] = []) async throws(MirrorError) -> [UInt8] {
    let program = Program(["git"] + arguments, environment: environment, input: input)
    let (end, output) = try await programs.collect(program)
    guard end.status == 0 else {
      let line = end.errors.split(whereSeparator: \.isNewline).last ?? "exit code \(end.status)"
      throw MirrorError(.misconfigured, "git \(arguments[0]) in \(root): \(line)")
    }
    return output
  }

  // MARK: Places

  private static func root(in storage: String) -> String { "\(storage)/git" }

  private static func folder(of identity: String, in root: String) -> String {
    let name = ContentHash.sha256(of: identity.utf8).hex
    return "\(root)/\(name.prefix(2))/\(name)"
  }

  private func folder(of repository: GitRepository) -> String {
    Self.folder(of: repository.identity, in: root)
  }

  /// Whether there is a repository at a path.
  static func isRepository(_ place: String) -> Bool {
    (try? Disk.read("\(place)/HEAD")) != nil
  }

  /// A name beside the repositories for what is there for a while.
  func draft(of name: String) throws(MirrorError) -> String {
    try Disk.makeFolder(root)
    return draft(beside: "\(root)/\(name)")
  }

  private func draft(beside place: String) -> String {
    "\(place).\(UInt64.random(in: 0...UInt64.max)).tmp"
  }

  /// Gives a finished repository its name, unless another process was faster with the same.
  private func publish(_ draft: String, as place: String) throws(MirrorError) {
    do throws(MirrorError) {
      try Disk.rename(draft, to: place)
    } catch {
      if !Self.isRepository(place) { throw error }
    }
  }
}
