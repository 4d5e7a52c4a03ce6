import MirrorCore

/// A file of Git LFS: its name is the SHA-256 of its bytes, so that it is pinned by being asked for.
struct LargeFile: Hashable, Sendable {
  let place: LargeFilePlace
  let digest: Digest
  /// Its length in bytes, where that is known.
  var size: Int?

  init(_ digest: Digest, size: Int? = nil, at place: LargeFilePlace) {
    self.place = place
    self.digest = digest
    self.size = size
  }

  /// What a request asks for; `nil` when that is no such file.
  init?(_ request: Request) {
    guard !request.changes, request.attributes["commit"] == nil else { return nil }
    self.init(request.origin)
    size = request.size
  }

  /// Reads `…/objects/SHA256`, the address that ``request`` has.
  init?(_ locator: Locator) {
    let path = locator.path
    guard let mark = path.lastIndex(of: "/"), path[..<mark].hasSuffix(Self.folder),
      let digest = Digest(.sha256, hex: String(path[path.index(after: mark)...]))
    else { return nil }
    self.init(
      digest, at: LargeFilePlace(locator, path: path[..<mark].dropLast(Self.folder.utf8.count)))
  }

  private static let folder = "/objects"

  /// The request for its bytes.
  var request: Request {
    let repository = place.repository
    let name = "\(place.suffix)\(Self.folder)/\(digest.hex)"
    let locator = repository.locator
    let origin = Locator(
      scheme: locator.scheme, host: locator.host, port: locator.port,
      path: (locator.path.hasSuffix("/") ? String(locator.path.dropLast()) : locator.path) + name,
      userInfo: locator.userInfo)
    return Request(
      ecosystem: .git, identity: repository.identity + name,
      package: PackageURL(
        type: "generic", name: repository.name, version: digest.hex,
        qualifiers: ["vcs_url": "git+\(repository.identity)"]),
      ownerName: "\(locator.host)/\(repository.path)", origin: origin, fileName: digest.hex,
      digests: [digest], size: size, expectsArchive: true)
  }

  /// Where a bare repository keeps it, below its own folder (git-lfs, docs/spec.md).
  var pathInRepository: String {
    let hex = digest.hex
    return "lfs/objects/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
  }

  /// The pointer that stands for it in a commit (git-lfs, docs/spec.md).
  ///
  /// Some servers compare the length; where it is not known, any but 0 makes git-lfs ask.
  var pointer: String {
    """
    version https://git-lfs.github.com/spec/v1
    oid sha256:\(digest.hex)
    size \(size ?? 1)

    """
  }
}
