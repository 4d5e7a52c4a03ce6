/// One thing a build wants.
public struct Request: Hashable, Sendable {
  /// The ecosystem whose rules apply.
  public var ecosystem: Ecosystem
  /// What lock, store and ledger call it: one text for one thing, without white space or secrets.
  public var identity: String
  /// The package it is, or belongs to.
  public var package: PackageURL
  /// The name that `owned` patterns are compared with, normalised by the ecosystem's rules.
  public var ownerName: String
  /// Where the tool itself would have got it.
  public var origin: Locator
  /// The file's name, as the tool will know it; empty where it has none.
  public var fileName: String
  /// What the bytes must hash to: strong digests are pins, weak ones are checked and pin nothing.
  public var digests: [Digest]
  /// The length the bytes must have, where an index declares it, in bytes.
  public var size: Int?
  /// Whether it may change from one day to the next (an index, a list, a branch head).
  public var changes: Bool
  /// Whether the lock keeps what was answered, so that a frozen run gives the same answer again: always
  /// for what never changes; for a look-up where its bytes are handed on as they are.
  public var isRecorded: Bool
  /// Whether caches on the way must be passed by; set by the chain after corrupt bytes.
  public var reloads: Bool
  /// The media types the tool reads, where the answer depends on it (HTTP's Accept).
  public var accept: String?
  /// Facts of its index that the lock keeps beside the digest, by short names.
  public var attributes: [String: String]
  private let isArchive: Bool?

  /// Creates a request; `expectsArchive` is known by the file's name unless it is said.
  public init(
    ecosystem: Ecosystem, identity: String, package: PackageURL, ownerName: String? = nil,
    origin: Locator, fileName: String? = nil, digests: [Digest] = [], size: Int? = nil,
    changes: Bool = false, isRecorded: Bool? = nil, accept: String? = nil,
    attributes: [String: String] = [:], expectsArchive: Bool? = nil
  ) {
    isArchive = expectsArchive
    self.ecosystem = ecosystem
    self.identity = identity
    self.package = package
    self.ownerName = ownerName ?? package.name
    self.origin = origin
    self.fileName = fileName ?? origin.lastComponent
    self.digests = digests
    self.size = size
    self.changes = changes
    self.isRecorded = isRecorded ?? !changes
    self.reloads = false
    self.accept = accept
    self.attributes = attributes
  }

  /// The strong digests.
  public var pins: [Digest] { digests.filter(\.algorithm.isStrong) }

  /// The SHA-256 among the pins: the name of the bytes in the store.
  public var sha256: Digest? { digests.first { $0.algorithm == .sha256 } }

  /// The name of this request in caches: two requests of one key want the same thing.
  public var key: String {
    "\(ecosystem) \(identity)" + (accept.map { " \($0)" } ?? "")
  }

  /// Whether ecosystem or file name promise something that a web page cannot be.
  public var expectsArchive: Bool {
    if let isArchive { return isArchive }
    let name = fileName.lowercased()
    return Self.archiveSuffixes.contains { name.hasSuffix($0) }
  }

  private static let archiveSuffixes = [
    ".whl", ".zip", ".egg", ".jar", ".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".zst", ".lz4",
    ".tar", ".deb", ".udeb", ".dsc", ".rpm", ".crate", ".iso", ".img", ".bin", ".exe", ".7z",
  ]
}
