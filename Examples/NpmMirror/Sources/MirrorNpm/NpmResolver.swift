public import MirrorCore
import Synchronization

extension Ecosystem {
  /// npm's registry protocol.
  public static let npm = Ecosystem(rawValue: "npm")
}

/// The language of npm: one JSON document for each package, and tarballs.
///
/// npm goes on checking the `integrity` of what it installs. Documents are look-ups, frozen in the lock;
/// a tarball never changes.
public final class NpmResolver: Resolver {
  /// `npm`.
  public let ecosystem = Ecosystem.npm
  private let gateway = Mutex<GatewayAddress?>(nil)

  /// Creates the resolver.
  public init() {}

  /// Sets npm's registry and a private cache.
  public func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) -> Redirection {
    self.gateway.withLock { $0 = gateway }
    return Redirection(
      environment: [
        "npm_config_registry": gateway.pathURL("npm/"),
        // package-lock.json is not to name a gateway that is gone tomorrow.
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_audit": "false", "npm_config_update_notifier": "false",
      ],
      caches: ["npm_config_cache": "\(scratch)/npm"])
  }

  /// Answers `NAME` with the package's document, and `NAME/-/FILE` with a tarball.
  public func answer(to query: Query, frozen: Lockfile?) -> Answer? {
    guard case .path(let path) = query.target, let thing = NpmThing(path: path) else { return nil }
    guard thing.file == nil else { return .artifact(thing.request) }
    let root = gateway.withLock { $0 }?.pathURL("npm/")
    return .page(thing.request) { bytes, _ throws(MirrorError) in
      let document = try NpmDocument(bytes, of: thing.name)
      return Document(type: "application/json", bytes: try document.leading(to: root))
    }
  }

  /// Takes `pkg:npm/NAME@VERSION`.
  public func request(naming name: String) -> Request? {
    guard let package = PackageURL(name), package.type == "npm", let version = package.version
    else { return nil }
    let scope = package.namespace.isEmpty ? "" : "\(package.namespace)/"
    return NpmThing(
      path: "\(scope)\(package.name)/-/\(package.name)-\(version).tgz")?.request
  }

  /// The registry that the user's npm is set to.
  public func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    NpmRegistry("origin", over: transport) {
      if let url = surroundings.environment["npm_config_registry"] { return url }
      return await surroundings.ask(["npm", "config", "get", "registry"])
    }
  }

  /// Another registry.
  public func mirror(
    _ settings: SourceSettings, over transport: any Transport, in surroundings: Surroundings
  ) -> (any Mirror)? {
    let url = settings.url.url
    return NpmRegistry(settings.name, over: transport) { url }
  }
}
