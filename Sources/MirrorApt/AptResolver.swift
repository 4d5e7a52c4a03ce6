public import MirrorCore

extension Ecosystem {
  /// Debian packages: apt and whatever speaks to an archive in its way.
  public static let apt = Ecosystem(rawValue: "apt")
}

/// The language of apt, and of debootstrap and everybody else who asks a Debian archive.
///
/// apt is reached by its own extension point, an acquire method: a file that `APT_CONFIG` names puts
/// ours in the place of `http` and `https`. Sources, list files, signatures and pinning stay apt's. Who
/// does not read that file asks us as its proxy, for whole URLs, and gets the same things under the same
/// names.
public struct AptResolver: Resolver {
  /// `apt`.
  public let ecosystem = Ecosystem.apt

  /// Creates the resolver.
  public init() {}

  /// Yes, by preferences (apt_preferences(5)).
  public var holdsVersions: Bool { true }

  /// Names the acquire method in a configuration of its own, which takes the user's in.
  ///
  /// Where the run holds packages to versions, that configuration names preferences too, and `apt` and
  /// `apt-get` get a wrapper that says which packages a command names without one.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) async -> Redirection {
    let methods = ["http", "https"].map { ($0, "\(scratch)/apt/\($0)") }
    let path = "\(scratch)/apt/apt.conf"
    var own = surroundings
    let userFile = userFile(in: own.environment, besides: path)
    own.environment["APT_CONFIG"] = userFile
    var lines = userFile.map { ["#include \"\($0)\";"] } ?? []
    lines += methods.map { "Dir::Bin::Methods::\($0) \"\($1)\";" }
    if surroundings.isFrozen {
      // The recorded world is as valid as on the day it was recorded; signatures are checked as ever.
      lines.append("Acquire::Check-Valid-Until \"false\";")
    }
    var redirection = Redirection(
      environment: [
        "MIRROR_GATEWAY": gateway.url(), "APT_CONFIG": path, Self.userFileVariable: userFile,
      ], links: methods.map(\.1), gaps: AptState(own).gaps)
    if let pins = AptPins(own) {
      lines.append("Dir::Etc::preferences \"\(scratch)/apt/preferences\";")
      redirection.files["\(scratch)/apt/preferences"] = await pins.preferences()
      redirection.files["\(scratch)/apt/pins"] = pins.list
      redirection.environment["MIRROR_APT_PINS"] = "\(scratch)/apt/pins"
      redirection.environment["MIRROR_APT_STRICT"] = .some(surroundings.isStrict ? "yes" : nil)
      redirection.wrappers = ["apt", "apt-get"]
    }
    redirection.files[path] = lines.map { "\($0)\n" }.joined()
    return redirection
  }

  /// The file that the user has named; where this gateway's settings are there already, the one from before.
  private func userFile(in environment: [String: String], besides path: String) -> String? {
    let named = environment["APT_CONFIG"] == path ? Self.userFileVariable : "APT_CONFIG"
    return environment[named].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static let userFileVariable = "MIRROR_USER_APT_CONFIG"

  /// Answers the acquire method, `http/HOST/PATH` and `https/HOST/PATH`, and whole URLs that look like
  /// those of an archive.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    switch query.target {
    case .path(let path):
      let words = path.split(separator: "/", maxSplits: 1)
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "get":
        return AcquireLink(facts: words[1]).map { .artifact(ArchiveFile($0).request) }
      case "http", "https":
        return Locator("\(words[0])://\(words[1])").map { .artifact(ArchiveFile($0).request) }
      default:
        return nil
      }
    case .url(let url):
      let original = RedirectedURL(url)?.original ?? url
      return ArchiveFile(recognising: original).map { .artifact($0.request) }
    }
  }

  /// Takes URLs that look like those of an archive.
  public func request(naming name: String) -> Request? {
    guard let url = Locator(name), ["http", "https"].contains(url.scheme) else { return nil }
    return ArchiveFile(recognising: url)?.request
  }

  /// Takes `pkg:deb/VENDOR/NAME@VERSION?arch=ARCHITECTURE`.
  public func request(
    for package: PackageURL, in lock: Lockfile, _ surroundings: Surroundings
  ) async throws(MirrorError) -> Request? {
    guard package.type == "deb" else { return nil }
    return try await PackageSearch(package).find(in: lock, surroundings)
  }

  /// Takes the URL of an archive's file, with what apt's index said of it.
  public func request(for entry: LockEntry) -> Request? { ArchiveFile(entry)?.request }

  /// Archives byte for byte as they were recorded, each at `HOST/PATH`, so that their signatures hold.
  public func staticFiles(
    of entries: [LockEntry], reading read: (Digest) throws(MirrorError) -> [UInt8]
  ) throws(MirrorError) -> [StaticFile]? {
    try ArchiveTree(entries, reading: read).files
  }

  /// The archives themselves, with the logins of apt's auth.conf.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    AptOrigin(transport: transport, surroundings: surroundings)
  }

  /// The archives of the user's sources.
  public func upstreams(in surroundings: Surroundings) async -> [String] {
    let words = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    let lines = (await surroundings.ask(words) ?? "").split(separator: "\n")
    return Set(lines.compactMap { Locator(String($0))?.identity }).sorted()
  }

  /// An archive that stands in for one or several others.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    ArchiveMirror(settings, over: transport)
  }

  /// Gives packages that were asked for by a whole URL the version that they say themselves.
  public func completed(
    _ entries: [LockEntry], in surroundings: Surroundings, file: @Sendable (Digest) -> String
  ) async -> [LockEntry] {
    await PackageVersions(surroundings).completed(entries, file: file)
  }

  /// The sources of the image, or the user's own, with other URIs, and for a gateway the setting that makes it apt's proxy.
  public func nativeFiles(
    for place: NativePlace, in surroundings: Surroundings
  ) -> [NativeFile] { NativeSources(for: place).files(ofImageAt: surroundings.imageRoot) }
}
