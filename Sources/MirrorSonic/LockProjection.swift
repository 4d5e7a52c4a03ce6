public import MirrorCore

/// SONiC's lock files as `mirror.lock` tells them: what a run recorded, in upstream's form.
///
/// Packages are told by their purl, whichever ecosystem fetched them; URLs need the store, since SONiC
/// knows their MD5 and the lock their SHA-256.
public struct LockProjection: Sendable {
  /// The lists.
  public private(set) var versions: ImageVersions
  /// What cannot be listed, and why, one line each.
  public private(set) var gaps: [String]

  /// Makes lists of a lock.
  ///
  /// - Parameters:
  ///   - store: where the bytes of URLs are.
  ///   - python: the list that Python's projects go to.
  /// - Throws: `misconfigured` or `corrupt` when the store cannot be read.
  public init(
    _ lock: Lockfile, store: Store?, python: VersionType = .py3
  ) throws(MirrorError) {
    var lists: [VersionType: VersionList] = [:]
    var gaps: [String] = []
    for entry in lock.entries {
      guard let bytes = entry.bytes, !entry.changes || entry.ecosystem.rawValue == "web" else {
        continue
      }
      let package = PackageURL(entry.identity)
      if let package, let version = package.version {
        let type: VersionType? = ["deb": .deb, "pypi": python][package.type]
        guard let type else { continue }
        if let other = lists[type]?[package.name], other != version {
          gaps.append("\(package.name): \(other) and \(version) were served; the later is listed")
        }
        lists[type, default: VersionList()][package.name] = version
      } else if package == nil, Locator(entry.identity) != nil {
        guard let store, let md5 = try Self.md5(of: bytes.digest, in: store) else {
          gaps.append("\(entry.identity): its bytes are not in the store, so its MD5 is unknown")
          continue
        }
        lists[.web, default: VersionList()][entry.identity] = md5
      }
    }
    versions = ImageVersions(lists)
    self.gaps = gaps
  }

  private static func md5(of digest: Digest, in store: Store) throws(MirrorError) -> String? {
    guard let file = try store.object(digest) else { return nil }
    return try StoredBytes(file).md5?.hex
  }
}
