import MirrorCore

/// A file of an archive, and the request for it.
///
/// Its identity is its URL, with the encoding of the path made the same whoever asks (apt writes `%2b`,
/// wget `+`), so that apt, debootstrap and a plain wget share one line of the lock.
struct ArchiveFile: Hashable {
  /// The URL, with a login where there is one.
  var url: Locator
  /// Where the archive begins; `nil` when that cannot be told from the URL.
  var root: Locator?
  /// The part of the path that names it below the root.
  var path: String
  /// Whether it is an index, which is another tomorrow.
  var isIndex: Bool
  /// What the bytes must be.
  var digests: [Digest] = []
  /// The length the bytes must have.
  var size: Int?
  /// The package that the file is, or belongs to.
  var package: PackageFileName?
  /// Whether the package's version is all of it: in the name of a binary package's file the epoch is
  /// missing as a rule.
  var hasWholeVersion = false
  /// Facts for the lock.
  var attributes: [String: String] = [:]

  /// Reads a whole URL; `nil` when it does not look like a file of an archive.
  ///
  /// That is what lies below `dists` and has the name of an index, and packages below `pool`.
  init?(recognising url: Locator) {
    guard url.query == nil, let mark = Self.mark(in: url.path) else { return nil }
    self.init(url)
    let isInDists = mark.word == "dists"
    guard isInDists ? isIndex || isByHash : !isIndex && package != nil else { return nil }
  }

  /// Reads a URL that is known to be one of an archive's file.
  init(_ url: Locator) {
    self.url = Self.normal(url)
    let whole = PercentEncoding.decode(url.path)
    if let mark = Self.mark(in: whole) {
      root = Locator(
        scheme: url.scheme, host: url.host, port: url.port,
        path: Self.encode(whole[..<mark.start]))
      path = String(whole[mark.start...])
      if mark.word == "pool" { attributes["component"] = Self.component(ofPoolPath: path) }
      if mark.word == "dists" { attributes["release"] = Self.release(ofDistsPath: path) }
    } else {
      path = String(whole.dropFirst())
    }
    let name = path.split(separator: "/").last.map { String($0) } ?? ""
    package = PackageFileName(name)
    isIndex = IndexName.isIndex(name)
    digests = Self.digestInPath(whole).map { [$0] } ?? []
    if package?.isBinary == true { attributes["architecture"] = package?.architecture }
    hasWholeVersion = package.map { !$0.isBinary || $0.version.contains(":") } ?? false
  }

  /// Reads what the acquire method asks for.
  init(_ link: AcquireLink) {
    self.init(link.uri)
    if let root = link.root.map({ Self.normal($0) }), url.path.hasPrefix(root.path) {
      self.root = Locator(scheme: root.scheme, host: root.host, port: root.port, path: root.path)
      path = PercentEncoding.decode(url.path.dropFirst(root.path.utf8.count))
    }
    isIndex = link.isIndex ?? isIndex
    attributes.merge(link.attributes) { $1 }
    // What the path itself says is in apt's list as well.
    digests = link.digests.isEmpty ? digests : link.digests
    size = link.size
    if !isIndex {
      name(as: link.fileName)
    }
  }

  /// Reads a line of the lock; `nil` when its name is no URL.
  init?(_ entry: LockEntry) {
    guard let url = Locator(entry.identity) else { return nil }
    self.init(url)
    attributes.merge(entry.attributes) { $1 }
    root = entry.attributes["archive"].flatMap { Locator($0) } ?? root
    isIndex = entry.changes || isByHash
    if let version = entry.attributes["version"] {
      package?.version = version
      hasWholeVersion = true
    }
  }

  /// Takes the package from the name of apt's own copy, which has the version of its index: with the epoch.
  mutating func name(as fileName: some StringProtocol) {
    guard let name = PackageFileName(PercentEncoding.decode(fileName)) else { return }
    package = name
    hasWholeVersion = true
  }

  /// Whether it is an index under the name of its own digest, which never changes.
  var isByHash: Bool { path.split(separator: "/").dropLast(2).last == "by-hash" }

  /// The request for it.
  var request: Request {
    let identity = url.identity
    var attributes = attributes
    attributes["archive"] = root?.identity
    var purl = PackageURL(
      type: "generic", name: url.lastComponent, qualifiers: ["download_url": identity])
    if !isIndex, let package {
      attributes["package"] = package.name
      if hasWholeVersion { attributes["version"] = package.version }
      purl = PackageURL(
        type: "deb", namespace: root.flatMap(Self.vendor) ?? "debian", name: package.name,
        version: package.version,
        qualifiers: ["arch": attributes["architecture"] ?? package.architecture ?? ""])
    }
    return Request(
      ecosystem: .apt, identity: identity, package: purl,
      ownerName: isIndex || package == nil ? url.host + url.path : package?.name,
      origin: url, fileName: PercentEncoding.decode(url.lastComponent),
      digests: digests, size: size, changes: isIndex && !isByHash, isRecorded: true,
      attributes: attributes, expectsArchive: true)
  }

  // MARK: Inside

  /// Where in a path an archive's own tree begins: at the first `dists`, else at the first `pool`.
  private static func mark(in path: String) -> (start: String.Index, word: String)? {
    for word in ["dists", "pool"] {
      if let range = path.firstRange(of: "/\(word)/") {
        return (path.index(after: range.lowerBound), word)
      }
    }
    return nil
  }

  private static func encode(_ path: some StringProtocol) -> String {
    PercentEncoding.encode(path, allowing: "/")
  }

  /// The URL in the one form that it has whoever asks.
  ///
  /// apt asks a flat archive for `/./Packages`, which servers that look names up as they are do not have
  /// (RFC 3986, 6.2.2.3).
  private static func normal(_ url: Locator) -> Locator {
    var path = encode(PercentEncoding.decode(url.path))
    while let dot = path.firstRange(of: "/./") { path.replaceSubrange(dot, with: "/") }
    return Locator(
      scheme: url.scheme, host: url.host, port: url.port, path: path, query: url.query,
      userInfo: url.userInfo)
  }

  /// `pool/COMPONENT/PREFIX/SOURCE/FILE`; the security archive has `updates/` before the component.
  private static func component(ofPoolPath path: String) -> String? {
    var words = path.split(separator: "/").dropFirst()
    if words.first == "updates" { words = words.dropFirst() }
    return words.count >= 4 ? words.first.map { String($0) } : nil
  }

  /// `dists/RELEASE/…`, where the release may have slashes in it; that much cannot be told apart.
  private static func release(ofDistsPath path: String) -> String? {
    let words = path.split(separator: "/")
    return words.count >= 3 ? String(words[1]) : nil
  }

  private static func digestInPath(_ path: String) -> Digest? {
    let words = path.split(separator: "/").suffix(3)
    guard words.count == 3, words.first == "by-hash", let hex = words.last else { return nil }
    let names: [Substring: Digest.Algorithm] = [
      "SHA512": .sha512, "SHA256": .sha256, "SHA1": .sha1, "MD5Sum": .md5,
    ]
    return words.dropFirst().first.flatMap { names[$0] }.flatMap { Digest($0, hex: String(hex)) }
  }

  /// The purl namespace: whose archive it is, by the name that mirrors keep it under.
  private static func vendor(_ root: Locator) -> String? {
    let name = root.path.split(separator: "/").last?.lowercased()
    return ["debian", "ubuntu"].first { name?.hasPrefix($0) ?? false } ?? name
  }
}
