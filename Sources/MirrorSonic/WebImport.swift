public import MirrorCore

/// The URLs of `versions-web` as lines of `mirror.lock`, taken from a store that has their bytes.
///
/// SONiC knows a URL's MD5, and the lock holds SHA-256 only; so a URL becomes a line once its bytes were
/// seen, and only when they have that MD5.
public struct WebImport: Sendable {
  /// The lines.
  public private(set) var entries: [LockEntry] = []
  /// The URLs whose bytes are not there, to be fetched with that MD5.
  public private(set) var missing: [Request] = []
  /// What the list says that is no URL with an MD5, one line each.
  public private(set) var faults: [String] = []

  /// Looks for the bytes of every URL of a list.
  ///
  /// - Parameters:
  ///   - lock: a line that it has for the same bytes stays as it is: who recorded it may have known more.
  ///   - naming: the request for a URL, as the ecosystem makes it.
  /// - Throws: `misconfigured` or `corrupt` when the store cannot be read.
  public init(
    _ list: VersionList, from store: Store, beside lock: Lockfile = Lockfile(),
    naming: (String) -> Request?
  ) throws(MirrorError) {
    for (url, version) in list.entries {
      guard var request = naming(url), let md5 = Digest(.md5, hex: version) else {
        faults.append("\(Locator(url)?.identity ?? url): is no URL with an MD5")
        continue
      }
      request.digests = [md5]
      let record = store.record(for: request)
      guard let digest = record.flatMap({ Digest(.sha256, hex: $0.sha256) }),
        let bytes = try store.object(digest).map({ file throws(MirrorError) in
          try StoredBytes(file)
        }), bytes.md5 == md5
      else {
        missing.append(request)
        continue
      }
      entries.append(
        lock.line(
          for: request, .present(digest, size: bytes.size), facts: record?.facts ?? [:]))
    }
  }
}

extension Lockfile {
  /// The line for a request: the one that is there if it says the same bytes, else a new one.
  package func line(
    for request: Request, _ state: LockEntry.State, facts: [String: String]
  ) -> LockEntry {
    if let old = entry(for: request), old.state == state { return old }
    return LockEntry(request, state, facts: facts)
  }
}
