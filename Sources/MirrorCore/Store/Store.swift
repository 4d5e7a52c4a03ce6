internal import Glibc
import Synchronization

/// A content-addressed directory: bytes by their SHA-256, and an index of names beside them.
///
/// ```
/// sha256/ab/abcd…   the bytes, mode 0444; the layout of any mirror with `layout = sha256`
/// names/3f/3f9c…    what was asked → digest, and how it came
/// stamps/ab/abcd…   size, time and inode at the last verification, once durable
/// partial/          transfers that broke, to be continued
/// quarantine/       bytes that failed a check
/// locks/            one lock between processes per thing being fetched
/// runs/             a folder per run, with its ledger
/// ```
///
/// A file appears under its final name only when it is complete and verified, and gets its stamp when it
/// is durable too: a killed process, a full disk or a power cut leaves a sound store.
public final class Store: Sendable {
  private struct Knowledge {
    var verified: [Digest: OpenFile.Status] = [:]
    var unsettled: [Digest: OpenFile.Status] = [:]
  }

  /// The folder.
  public let path: String
  private let knowledge = Mutex(Knowledge())
  private let names = Mutex<[String: NameRecord]>([:])

  /// Opens the store in a folder, and makes it if it is not there.
  ///
  /// - Throws: `misconfigured` when the folder cannot be written or holds a newer format.
  public init(at path: String) throws(MirrorError) {
    self.path = path
    for folder in ["sha256", "names", "stamps", "partial", "quarantine", "locks", "runs"] {
      try Disk.makeFolder("\(path)/\(folder)")
    }
    let formatPath = "\(path)/format"
    if let format = try Disk.read(formatPath) {
      guard format.elementsEqual(Self.format.utf8) else {
        throw MirrorError(
          .misconfigured, "\(path): not a store this version can read; choose another with --store")
      }
    } else {
      try Disk.replace(formatPath, with: Self.format.utf8)
    }
    if try Disk.read("\(path)/.gitignore") == nil {
      try Disk.replace("\(path)/.gitignore", with: "*\n".utf8)
    }
  }

  // MARK: Looking

  /// The bytes of that SHA-256, verified; `nil` when they are not here.
  ///
  /// They are hashed again unless size, time and inode are those of the last verification.
  ///
  /// - Parameter hashing: whether that may be done; if not, `nil` is the answer where it is due.
  /// - Throws: `corrupt` when they were damaged: they are in quarantine then, and not here any more.
  public func object(_ digest: Digest, hashing: Bool = true) throws(MirrorError) -> OpenFile? {
    guard let file = try OpenFile(reading: objectPath(digest)) else { return nil }
    if stamp(of: digest) == file.status() { return file }
    guard hashing else { return nil }
    try rehash(digest, file)
    return file
  }

  /// Hashes the bytes of that SHA-256 again, whatever is remembered of them.
  ///
  /// - Returns: whether they are here.
  /// - Throws: `corrupt` when they were damaged.
  public func check(_ digest: Digest) throws(MirrorError) -> Bool {
    guard let file = try OpenFile(reading: objectPath(digest)) else { return false }
    try rehash(digest, file)
    return true
  }

  /// The length in bytes of what ``find(_:hashing:)`` may have to hash; 0 when nothing is here.
  func size(of request: Request) -> Int {
    digest(of: request, record(for: request)).map { Disk.size(of: objectPath($0)) } ?? 0
  }

  private func digest(of request: Request, _ record: NameRecord?) -> Digest? {
    request.sha256 ?? record.flatMap { Digest(.sha256, hex: $0.sha256) }
  }

  /// The bytes a request leads to: by its pin, else by its name.
  func find(_ request: Request, hashing: Bool) throws(MirrorError) -> Delivery? {
    let record = self.record(for: request)
    guard let digest = digest(of: request, record) else { return nil }
    guard let file = try object(digest, hashing: hashing),
      try passes(file, request, hashing: hashing)
    else { return nil }
    let known = record.flatMap { $0.sha256 == digest.hex ? $0 : nil }
    return Delivery(
      file: file, size: file.status().size, digest: digest, content: known?.content ?? Content(),
      source: "store", facts: known?.facts ?? [:])
  }

  /// Whether stored bytes have the length and the other digests that a request asks for.
  private func passes(
    _ file: OpenFile, _ request: Request, hashing: Bool
  ) throws(MirrorError) -> Bool {
    let size = file.status().size
    guard request.size.map({ $0 == size }) ?? true else { return false }
    let others = request.digests.filter { $0.algorithm != .sha256 }
    guard !others.isEmpty else { return true }
    guard hashing else { return false }
    var hash = ContentHash(also: others.map(\.algorithm))
    try file.hash(first: size, into: &hash, path: path)
    let digests = hash.digests()
    return others.allSatisfy { wanted in
      !digests.contains { $0.algorithm == wanted.algorithm && $0 != wanted }
    }
  }

  /// What is remembered of the request's name.
  package func record(for request: Request) -> NameRecord? {
    if let known = names.withLock({ $0[request.key] }) { return known }
    guard let bytes = try? Disk.read(namePath(request.key)),
      let record = NameRecord(bytes),
      record.key == request.key
    else { return nil }
    names.withLock { $0[request.key] = record }
    return record
  }

  // MARK: Writing

  /// Waits for the right to fetch what the request wants: one process at a time, as long as what it takes from
  /// one of the endpoints grows, and for an hour where nothing is seen of it: so a repository comes.
  func lock(
    _ request: Request, from endpoints: [String]
  ) async throws(MirrorError) -> FileLock {
    let want = ContentHash.sha256(of: Self.want(request).utf8).hex
    return try await FileLock(at: "\(path)/locks/\(want)", within: .seconds(3600)) {
      endpoints.reduce(0) { $0 &+ Disk.size(of: partialPath(for: request, from: $1)) }
    }
  }

  /// The file in which the request's bytes from that endpoint are collected.
  ///
  /// Only the holder of the request's lock may use it.
  func partial(
    for request: Request, from endpoint: String
  ) async throws(MirrorError) -> PartialFile {
    let path = partialPath(for: request, from: endpoint)
    // What a broken transfer left is hashed.
    return try await aside(when: Disk.size(of: path) >= longWork) { () throws(MirrorError) in
      try PartialFile(at: path, for: request)
    }
  }

  /// Publishes verified bytes, and remembers the name that led to them.
  func publish(
    _ partial: PartialFile, digest: Digest, for request: Request, from source: String,
    facts: [String: String] = [:]
  ) throws(MirrorError) {
    let object = objectPath(digest)
    try Disk.makeFolder(Disk.parent(of: object))
    try partial.publish(as: object)
    remember(partial.file.status(), of: digest)
    let record = NameRecord(
      key: request.key, sha256: digest.hex, size: partial.count,
      content: partial.content ?? Content(), source: source, facts: facts)
    try write(record)
  }

  /// Sets bytes aside that failed a check.
  func quarantine(_ partial: PartialFile) throws(MirrorError) {
    guard let digest = partial.digests.first else { return }
    try Disk.rename(partial.path, to: "\(path)/quarantine/\(digest.hex)")
    partial.discard()
  }

  /// Forgets a name, so that the next request asks the sources again.
  package func forget(_ request: Request) {
    names.withLock { $0[request.key] = nil }
    Disk.remove(namePath(request.key))
  }

  // MARK: Inside

  private static let format = "mirror store 1\n"

  /// What is fetched once at a time: the bytes of a pin, else whatever a name stands for.
  private static func want(_ request: Request) -> String {
    request.sha256?.description ?? request.key
  }

  package func objectPath(_ digest: Digest) -> String {
    "\(path)/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  private func partialPath(for request: Request, from endpoint: String) -> String {
    let name = ContentHash.sha256(of: "\(Self.want(request)) \(endpoint)".utf8).hex
    return "\(path)/partial/\(name)"
  }

  private func namePath(_ key: String) -> String {
    let name = ContentHash.sha256(of: key.utf8).hex
    return "\(path)/names/\(name.prefix(2))/\(name)"
  }

  private func stampPath(_ digest: Digest) -> String {
    "\(path)/stamps/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  private func write(_ record: NameRecord) throws(MirrorError) {
    let path = namePath(record.key)
    try Disk.makeFolder(Disk.parent(of: path))
    try Disk.replace(path, with: record.lines.utf8)
    names.withLock { $0[record.key] = record }
  }

  private func stamp(of digest: Digest) -> OpenFile.Status? {
    if let known = knowledge.withLock({ $0.verified[digest] }) { return known }
    guard let bytes = try? Disk.read(stampPath(digest)) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let size = Int(words[0]), let modified = Int(words[1]),
      let inode = UInt64(words[2])
    else { return nil }
    let status = OpenFile.Status(size: size, modified: modified, inode: inode)
    knowledge.withLock { $0.verified[digest] = status }
    return status
  }

  /// Writes down when an object was verified; half a stamp, after a fall, is as good as none.
  func stamp(_ digest: Digest, _ status: OpenFile.Status) throws(MirrorError) {
    let path = stampPath(digest)
    try Disk.makeFolder(Disk.parent(of: path))
    let file = OpenFile(descriptor: try Disk.open(path, O_WRONLY | O_CREAT | O_TRUNC))
    let text = "\(status.size) \(status.modified) \(status.inode)"
    try Disk.write(Array(text.utf8), to: file.descriptor, path: path)
  }

  /// Vouches for an object within this process, and for later ones once it is settled.
  private func remember(_ status: OpenFile.Status, of digest: Digest) {
    knowledge.withLock { knowledge in
      knowledge.verified[digest] = status
      knowledge.unsettled[digest] = status
    }
  }

  /// How many objects wait to be settled.
  var unsettledCount: Int { knowledge.withLock { $0.unsettled.count } }

  /// What waits to be settled, which from now on is the caller's to settle.
  func takeUnsettled() -> [Digest: OpenFile.Status] {
    knowledge.withLock { knowledge in
      defer { knowledge.unsettled = [:] }
      return knowledge.unsettled
    }
  }

  /// Leaves it to a later call to settle what could not be settled.
  func putBack(_ objects: [Digest: OpenFile.Status]) {
    knowledge.withLock { $0.unsettled.merge(objects) { newer, _ in newer } }
  }

  private func rehash(_ digest: Digest, _ file: OpenFile) throws(MirrorError) {
    var hash = ContentHash()
    let status = file.status()
    try file.hash(first: status.size, into: &hash, path: path)
    guard hash.digest() == digest else {
      try Disk.rename(objectPath(digest), to: "\(path)/quarantine/\(digest.hex).damaged")
      knowledge.withLock { $0.verified[digest] = nil }
      throw MirrorError(
        .corrupt, "\(digest) was damaged in the store; it is in quarantine now, fetch it again")
    }
    remember(status, of: digest)
  }
}
