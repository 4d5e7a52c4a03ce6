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
  private let root: String
  private let programs: any ProgramRunner
  private let path: String

  /// - Throws: `misconfigured` when there is no store.
  init(_ surroundings: Surroundings) throws(MirrorError) {
    guard let storage = surroundings.storage else {
      throw MirrorError(.misconfigured, "git repositories need a store; give one with --store")
    }
    root = "\(storage)/git"
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
    if isThere(place) { return place }
    let draft = draft(beside: place)
    try Disk.makeFolder(draft)
    defer { Disk.removeTree(draft) }
    let format = usesSHA256 ? "sha256" : "sha1"
    try await git(["init", "--quiet", "--bare", "--template=", "--object-format=\(format)", draft])
    try publish(draft, as: place)
    return place
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
    guard isThere(place) else { return false }
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

  // MARK: Refs

  /// The repository that shows exactly these refs.
  ///
  /// - Returns: its path.
  /// - Throws: `corrupt` when the store has lost objects that they stand for.
  func view(
    of refs: RefList, digest: Digest, _ repository: GitRepository
  ) async throws(MirrorError) -> String {
    let objects = objects(of: repository)
    let missing =
      isThere(objects)
      ? try await self.missing(refs.objects.sorted(), in: objects) : refs.objects.sorted()
    if let first = missing.first {
      throw MirrorError(
        .corrupt,
        "\(repository.identity): \(missing.count) of the recorded objects, \(first) among them, are not "
          + "in \(objects); run the build once more without --offline and --locked")
    }
    let place = "\(folder(of: repository))/refs/\(digest.hex).git"
    if isThere(place) { return place }
    let draft = draft(beside: place)
    defer { Disk.removeTree(draft) }
    for folder in ["objects/info", "refs"] { try Disk.makeFolder("\(draft)/\(folder)") }
    let files = [
      "objects/info/alternates": "../../../objects.git/objects\n", "packed-refs": refs.packedRefs,
      "HEAD": refs.headFile, "config": Self.configuration(usesSHA256: refs.usesSHA256),
    ]
    for (name, text) in files {
      try Disk.replace("\(draft)/\(name)", with: text.utf8, durably: true)
    }
    try publish(draft, as: place)
    return place
  }

  private static func configuration(usesSHA256: Bool) -> String {
    """
    [core]
    \trepositoryformatversion = \(usesSHA256 ? 1 : 0)
    \tbare = true
    [uploadpack]
    \tallowFilter = true
    \tallowAnySHA1InWant = true

    """ + (usesSHA256 ? "[extensions]\n\tobjectformat = sha256\n" : "")
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

  @discardableResult
  private func git(_ arguments: [String], input: [UInt8] = []) async throws(MirrorError) -> [UInt8]
  {
    let program = Program(["git"] + arguments, environment: environment, input: input)
    let (end, output) = try await programs.collect(program)
    guard end.status == 0 else {
      let line = end.errors.split(whereSeparator: \.isNewline).last ?? "exit code \(end.status)"
      throw MirrorError(.misconfigured, "git \(arguments[0]) in \(root): \(line)")
    }
    return output
  }

  // MARK: Places

  private func folder(of repository: GitRepository) -> String {
    let name = ContentHash.sha256(of: repository.identity.utf8).hex
    return "\(root)/\(name.prefix(2))/\(name)"
  }

  private func isThere(_ place: String) -> Bool { (try? Disk.read("\(place)/HEAD")) != nil }

  private func draft(beside place: String) -> String {
    "\(place).\(UInt64.random(in: 0...UInt64.max)).tmp"
  }

  /// Gives a finished repository its name, unless another process was faster with the same.
  private func publish(_ draft: String, as place: String) throws(MirrorError) {
    do throws(MirrorError) {
      try Disk.rename(draft, to: place)
    } catch {
      if !isThere(place) { throw error }
    }
  }
}
