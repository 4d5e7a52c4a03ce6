/// One ecosystem's language: how its tools ask, what identifies a thing, and how the tools are
/// pointed at the gateway.
///
/// A resolver does no I/O of its own. It turns questions into ``Request`` values and found bytes into
/// what its tools read; the chain does the rest.
public protocol Resolver: Sendable {
  /// The ecosystem.
  var ecosystem: Ecosystem { get }

  /// How its tools are pointed at the gateway, given how the user has them set up.
  ///
  /// - Parameter scratch: a private folder of the run, for files and caches; not made yet.
  func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) async -> Redirection

  /// What a tool's query asks for; `nil` when it is not this ecosystem's to answer.
  ///
  /// Queries of methods besides GET come to it too: only a conversation is an answer to them.
  ///
  /// - Parameter frozen: the lock, when look-ups that may change are answered from it alone.
  func answer(to query: Query, frozen: Lockfile?) -> Answer?

  /// The request for a name that a person typed, a URL or a purl; `nil` when it is not this
  /// ecosystem's.
  func request(naming name: String) -> Request?

  /// The request for a package that is known by its name and version alone: from the lock, else from
  /// what the user's own tools know of it; `nil` when neither has it.
  ///
  /// - Throws: `misconfigured` when the tools cannot say.
  func request(
    for package: PackageURL, in lock: Lockfile, _ surroundings: Surroundings
  ) async throws(MirrorError) -> Request?

  /// The request that a line of the lock stands for; `nil` when it is not one of this ecosystem's.
  ///
  /// Digest, length and attributes of the line need not be in it: whoever asks adds them.
  func request(for entry: LockEntry) -> Request?

  /// The files of a tree that its tools read by themselves, from a plain web server or a folder; `nil`
  /// when there is no such tree.
  ///
  /// - Parameters:
  ///   - entries: what the lock has of this ecosystem.
  ///   - read: gives the bytes of a digest among them.
  /// - Throws: `misconfigured` when they cannot all be named, and what `read` throws.
  func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]?

  /// Writes what belongs into such a tree beside its files, where an ecosystem keeps more than files, such as
  /// repositories.
  ///
  /// - Parameters:
  ///   - entries: what the lock has of this ecosystem.
  ///   - folder: the tree's root, a whole path.
  /// - Returns: how many folders were written.
  /// - Throws: `misconfigured` when one is there already or they cannot all be named, `offline` or `corrupt`
  ///   when the store lacks or has lost something of them; nothing is written then.
  func writeFolders(
    of entries: [LockEntry], to folder: String, in surroundings: Surroundings
  ) async throws(MirrorError) -> Int

  /// The upstream that the tool itself would use.
  func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror

  /// What the user's own tools are set to ask now, for people to read; no secret is in it.
  func upstreams(in surroundings: Surroundings) async -> [String]

  /// A mirror that speaks the ecosystem's own protocol; `nil` when the ecosystem has none, so that
  /// a layout decides.
  func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)?

  /// Whether its tools can be held to versions of packages (``Surroundings/versions``).
  var holdsVersions: Bool { get }

  /// What its bytes must pass besides digest and length.
  var verifier: (any Verifier)? { get }

  /// Looks anew at what an entry of the lock stands for besides its bytes, which are in the store.
  ///
  /// - Returns: whether all of it is there.
  /// - Throws: `corrupt` when some of it was damaged.
  func survey(_ entry: LockEntry, in surroundings: Surroundings) async throws(MirrorError) -> Bool

  /// Lines that are about to go into the lock, with what only the bytes tell of them.
  ///
  /// Their bytes are in the store. What cannot be found out stays as it is.
  ///
  /// - Parameter file: the path of the bytes of a digest.
  func completed(
    _ entries: [LockEntry], in surroundings: Surroundings, file: @Sendable (Digest) -> String
  ) async -> [LockEntry]

  /// The files that point its tools at a place without our binary, as an image needs them; none when
  /// the tools have no such setting. No secret is in them.
  func nativeFiles(for place: NativePlace, in surroundings: Surroundings) -> [NativeFile]
}

extension Resolver {
  /// None: a package URL has to name its file.
  public func request(
    for package: PackageURL, in lock: Lockfile, _ surroundings: Surroundings
  ) async throws(MirrorError) -> Request? { nil }

  /// The request for the line's identity as a person would type it.
  public func request(for entry: LockEntry) -> Request? { request(naming: entry.identity) }

  /// None.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]? { nil }

  /// None: its files are all there is.
  public func writeFolders(
    of entries: [LockEntry], to folder: String, in surroundings: Surroundings
  ) async throws(MirrorError) -> Int { 0 }

  /// None.
  public func upstreams(in surroundings: Surroundings) async -> [String] { [] }

  /// None: a layout decides.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? { nil }

  /// No: there is nothing to hold them with.
  public var holdsVersions: Bool { false }

  /// None: digest and length are all there is to check.
  public var verifier: (any Verifier)? { nil }

  /// Nothing: the bytes are all there is.
  public func survey(
    _ entry: LockEntry, in surroundings: Surroundings
  ) async throws(MirrorError) -> Bool { true }

  /// As they are.
  public func completed(
    _ entries: [LockEntry], in surroundings: Surroundings, file: @Sendable (Digest) -> String
  ) async -> [LockEntry] { entries }

  /// None.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] { [] }
}
