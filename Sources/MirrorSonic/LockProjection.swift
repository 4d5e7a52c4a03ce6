public import MirrorCore

/// SONiC's lock files as `mirror.lock` tells them: what a run recorded, in upstream's form.
///
/// Packages of Debian and Python are told by name and version; URLs need the store, since SONiC knows
/// their MD5 and the lock their SHA-256. A repository is told by the commit of its HEAD, and a suite of
/// an archive by the date of its `InRelease`. Other indexes, and what SONiC has no list for (modules of
/// Go), are left out.
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
      guard let bytes = entry.bytes else { continue }
      if entry.changes {
        if let commit = Self.commit(of: entry) {
          lists[.git, default: VersionList()][entry.origin ?? entry.identity] = commit
        } else if let suite = SuiteRelease(entry.identity) {
          guard let file = try store?.object(bytes.digest),
            let versions = try suite.versions(file, size: bytes.size)
          else {
            gaps.append("\(entry.identity): its bytes are not in the store, or have no date")
            continue
          }
          for (name, version) in versions { lists[.mirror, default: VersionList()][name] = version }
        }
        continue
      }
      if let package = Self.package(of: entry, python) {
        if let other = lists[package.type]?[package.name], other != package.version {
          gaps.append(
            "\(package.name): \(other) and \(package.version) were served; the later is listed")
        }
        lists[package.type, default: VersionList()][package.name] = package.version
      } else if Locator(entry.identity) != nil {
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

  /// The package that a line stands for: told by its purl, or by the facts that apt's lines have when
  /// they are those of a binary package.
  private static func package(
    of entry: LockEntry, _ python: VersionType
  ) -> (type: VersionType, name: String, version: String)? {
    if let package = PackageURL(entry.identity), let version = package.version {
      return package.type == "pypi" ? (python, package.name, version) : nil
    }
    guard let name = entry.attributes["package"], let version = entry.attributes["version"],
      entry.attributes["architecture"] != nil
    else { return nil }
    return (.deb, name, version)
  }

  /// The commit of a repository's HEAD.
  private static func commit(of entry: LockEntry) -> String? {
    entry.ecosystem == Ecosystem(rawValue: "git") ? entry.attributes["commit"] : nil
  }

  private static func md5(of digest: Digest, in store: Store) throws(MirrorError) -> String? {
    guard let file = try store.object(digest) else { return nil }
    return try StoredBytes(file).md5?.hex
  }
}
