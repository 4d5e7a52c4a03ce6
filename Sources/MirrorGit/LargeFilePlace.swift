import MirrorCore

/// Where files of Git LFS are kept: with a repository, or at a server of their own that `lfs.url` names.
struct LargeFilePlace: Hashable, Sendable {
  /// The repository, or the server's address.
  var repository: GitRepository
  /// Whether it is a repository's, with `info/lfs` below its address (git-lfs, docs/api/server-discovery.md).
  var isOfRepository: Bool

  /// Reads the address below which `objects/` is; `nil` when it is none.
  init?(scheme: String, rest: Substring) {
    isOfRepository = rest.hasSuffix(Self.suffix)
    let place = isOfRepository ? rest.dropLast(Self.suffix.utf8.count) : rest
    guard let repository = GitRepository(scheme: scheme, rest: String(place)) else { return nil }
    self.repository = repository
  }

  /// Reads the path of an address below which `objects/` is.
  init(_ locator: Locator, path: Substring) {
    isOfRepository = path.hasSuffix(Self.suffix)
    let path = isOfRepository ? path.dropLast(Self.suffix.utf8.count) : path
    repository = GitRepository(
      Locator(
        scheme: locator.scheme, host: locator.host, port: locator.port, path: String(path),
        userInfo: locator.userInfo))
  }

  /// What stands behind the address of a repository.
  var suffix: String { isOfRepository ? Self.suffix : "" }

  private static let suffix = "/info/lfs"
}
