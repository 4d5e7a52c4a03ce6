internal import Glibc

/// The release: everything a build was served, by name and digest.
///
/// Sorted text, one thing a line, no times, so that the same build recorded twice gives the same
/// bytes and a change is one line of a diff. It is made to be committed beside the code.
///
/// ```
/// mirror.lock 1
/// pip pkg:pypi/six@1.16.0?file_name=six-1.16.0-py2.py3-none-any.whl sha256:8abb… 11053 origin=https://…
/// web https://files.acme.example/tool.tgz sha256:9f86… 48211
/// ```
public struct Lockfile: Sendable, Hashable {
  private struct Name: Hashable, Comparable {
    var ecosystem: Ecosystem
    var identity: String
    static func < (left: Name, right: Name) -> Bool {
      (left.ecosystem, left.identity) < (right.ecosystem, right.identity)
    }
  }

  private static let header = "mirror.lock 1"
  private var byName: [Name: LockEntry] = [:]

  /// Creates a lock of these entries; of two for one name the later counts.
  public init(_ entries: some Sequence<LockEntry> = []) {
    for entry in entries { record(entry) }
  }

  /// Every entry, sorted by ecosystem and identity.
  public var entries: [LockEntry] { byName.sorted { $0.key < $1.key }.map(\.value) }

  /// The entries of one ecosystem whose identity begins so, in no order.
  public func entries(of ecosystem: Ecosystem, beginning prefix: String) -> [LockEntry] {
    byName.values.filter { $0.ecosystem == ecosystem && $0.identity.hasPrefix(prefix) }
  }

  /// The entries that another lock has not, or not as they are here, sorted.
  package func entries(notIn other: Lockfile) -> [LockEntry] {
    byName.filter { other.byName[$0.key] != $0.value }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Whether there is nothing in it.
  public var isEmpty: Bool { byName.isEmpty }

  /// What the lock says of a request.
  public func entry(for request: Request) -> LockEntry? {
    byName[Name(ecosystem: request.ecosystem, identity: request.identity)]
  }

  /// Adds an entry, in place of one of the same name.
  public mutating func record(_ entry: LockEntry) {
    byName[Name(ecosystem: entry.ecosystem, identity: entry.identity)] = entry
  }

  /// Removes the entry of a request.
  public mutating func remove(_ request: Request) {
    byName[Name(ecosystem: request.ecosystem, identity: request.identity)] = nil
  }

  /// The text of the file.
  public var text: String {
    ([Self.header] + entries.map(\.line)).joined(separator: "\n") + "\n"
  }

  // MARK: Files

  /// Reads a lock; an empty one when the file is not there.
  ///
  /// - Throws: `misconfigured` naming the file and the line that cannot be read.
  public init(contentsOf path: String) throws(MirrorError) {
    guard let bytes = try Disk.read(path) else { return }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MirrorError(.misconfigured, "\(path): is not text; restore it from version control")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.first == Self.header[...] else {
      throw MirrorError(
        .misconfigured, "\(path):1: does not begin with '\(Self.header)'; is it a lock?")
    }
    for (number, line) in lines.enumerated().dropFirst()
    where !line.isEmpty && !line.hasPrefix("#") {
      guard let entry = LockEntry(line: line) else {
        throw MirrorError(
          .misconfigured,
          "\(path):\(number + 1): is not 'ECOSYSTEM NAME sha256:HEX SIZE [KEY=VALUE…]'; "
            + "restore the line from version control")
      }
      let name = Name(ecosystem: entry.ecosystem, identity: entry.identity)
      if let other = byName[name], other != entry {
        throw MirrorError(
          .misconfigured,
          "\(path):\(number + 1): says something else of \(entry.identity) than a line before; "
            + "keep one of them")
      }
      record(entry)
    }
  }

  /// Adds entries to the lock in a file, as one step that other processes do not interrupt.
  ///
  /// The file is not touched when nothing changes. A digest that is there stays what it is, unless it is
  /// that of a look-up or a change is meant.
  ///
  /// - Parameter replacing: whether digests may change.
  /// - Returns: the entries that were kept although they were given anew and different.
  /// - Throws: `misconfigured` when it cannot be read or written.
  @discardableResult
  public static func add(
    _ entries: [LockEntry], toFileAt path: String, replacing: Bool = false
  ) async throws(MirrorError) -> [LockEntry] {
    let held = try await FileLock(at: path + ".lock~")
    defer { withExtendedLifetime(held) {} }
    var lock = try Lockfile(contentsOf: path)
    let before = lock
    var kept: [LockEntry] = []
    for entry in entries {
      let name = Name(ecosystem: entry.ecosystem, identity: entry.identity)
      if let old = lock.byName[name], let bytes = old.bytes, !replacing, !entry.changes,
        entry.bytes.map({ $0 != bytes }) ?? true
      {
        kept.append(old)
      } else {
        lock.record(entry)
      }
    }
    if lock != before { try Disk.replace(path, with: lock.text.utf8, durably: true) }
    return kept
  }
}
