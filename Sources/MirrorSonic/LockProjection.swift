public import MirrorCore

/// SONiC's lock files as `mirror.lock` tells them: what a run recorded, in upstream's form.
///
/// Packages of Debian and Python are told by name and version, those of Debian in a file for each
/// distribution and architecture that the lock knows; files of `web` and of archives need the store, since
/// SONiC knows their MD5 and the lock their SHA-256. A repository is told by the commit of its HEAD, and a
/// suite of an archive by the date of its `InRelease`. Other indexes, and what SONiC has no list for
/// (modules of Go, objects of git), are left out.
public struct LockProjection: Sendable {
  /// The files, by name.
  public private(set) var folder: VersionFolder
  /// What cannot be listed, and why, one line each.
  public private(set) var gaps: [String]

  /// The types of list that a lock can tell.
  ///
  /// - Parameter python: the list that Python's projects go to.
  package static func types(python: VersionType) -> Set<VersionType> {
    [.deb, python, .web, .git, .mirror]
  }

  private var lists: [VersionFileName: VersionList] = [:]

  /// Makes lists of a lock.
  ///
  /// - Parameters:
  ///   - store: where the bytes of URLs are.
  ///   - python: the list that Python's projects go to.
  /// - Throws: `misconfigured` or `corrupt` when the store cannot be read.
  public init(
    _ lock: Lockfile, store: Store?, python: VersionType = .py3
  ) throws(MirrorError) {
    folder = VersionFolder()
    gaps = []
    var debs: [DebianPackage] = []
    for entry in lock.entries {
      guard let bytes = entry.bytes else { continue }
      if entry.changes {
        if let commit = Self.commit(of: entry) {
          lists[VersionFileName(.git), default: VersionList()][entry.origin ?? entry.identity] =
            commit
        } else if let suite = SuiteRelease(entry.identity) {
          guard let file = try store?.object(bytes.digest),
            let versions = try suite.versions(file, size: bytes.size)
          else {
            gaps.append("\(entry.identity): its bytes are not in the store, or have no date")
            continue
          }
          for (name, version) in versions {
            lists[VersionFileName(.mirror), default: VersionList()][name] = version
          }
        }
      } else if let package = PackageURL(entry.identity) {
        guard package.type == "pypi", let version = package.version else { continue }
        list(package.name, version, in: VersionFileName(python))
      } else if let package = DebianPackage(entry) {
        debs.append(package)
      } else if Self.isPlainFile(entry) {
        guard let store, let md5 = try Self.md5(of: bytes.digest, in: store) else {
          gaps.append("\(entry.identity): its bytes are not in the store, so its MD5 is unknown")
          continue
        }
        lists[VersionFileName(.web), default: VersionList()][entry.identity] = md5
      }
    }
    for (file, packages) in DebianPackage.files(of: debs).sorted(by: { $0.0 < $1.0 }) {
      for package in packages { list(package.name, package.version, in: file) }
    }
    folder = VersionFolder(lists.map { VersionFile($0.key, $0.value) })
  }

  private mutating func list(_ name: String, _ version: String, in file: VersionFileName) {
    if let other = lists[file]?[name], other != version {
      gaps.append("\(name): \(other) and \(version) were served; the later is listed")
    }
    lists[file, default: VersionList()][name] = version
  }

  /// Whether a line stands for a file that `versions-web` lists: one of `web`, or of an archive (a source,
  /// say) when it is no index.
  private static func isPlainFile(_ entry: LockEntry) -> Bool {
    guard let url = Locator(entry.identity) else { return false }
    switch entry.ecosystem.rawValue {
    case "web": return true
    case "apt": return !["/dists/", "/by-hash/"].contains { url.path.contains($0) }
    default: return false
    }
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
