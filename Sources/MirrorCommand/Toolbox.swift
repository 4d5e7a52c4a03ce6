public import MirrorCore
import MirrorHTTP

/// What an executable gives its commands: the ecosystems it was built with, and where it runs.
public struct Toolbox: Sendable {
  /// The ecosystems; whole URLs are offered to them in this order.
  public let resolvers: [any Resolver]
  /// The environment of the process.
  public let environment: [String: String]
  /// The executable's own mirrors, which stand in every chain that the configuration does not spell out.
  public let mirrors: [Source]
  /// The executable's own policy; options and configuration can only tighten it.
  public let policy: Policy
  /// Who is told of every request, in every chain.
  public let observers: [any Observer]
  package let console: Console

  /// Creates a toolbox.
  public init(
    resolvers: [any Resolver], environment: [String: String], mirrors: [Source] = [],
    policy: Policy = Policy(), observers: [any Observer] = []
  ) {
    self.resolvers = resolvers
    self.environment = environment
    self.mirrors = mirrors
    self.policy = policy
    self.observers = observers
    console = Console(environment: environment)
  }

  /// The line that `--version` prints: name, version, and the ecosystems that are built in.
  public func version(of program: String) -> String {
    let names = resolvers.map(\.ecosystem).sorted().map(\.rawValue)
    let all = names.isEmpty ? "no ecosystems" : names.joined(separator: ", ")
    return "\(program) \(CommandLineTool.version) (\(all))"
  }

  /// The ecosystem of that name.
  ///
  /// - Throws: `misconfigured` when it is not built in.
  func resolver(of name: String) throws(MirrorError) -> any Resolver {
    if let resolver = resolvers.first(where: { $0.ecosystem.rawValue == name }) { return resolver }
    let known = resolvers.map(\.ecosystem).sorted().map(\.rawValue)
    throw MirrorError(
      .misconfigured,
      "\(name): no such ecosystem here; known are \(known.joined(separator: ", "))")
  }

  /// How the tools of each ecosystem are pointed at a gateway.
  func redirections(
    to address: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) async -> [(key: Ecosystem, value: Redirection)] {
    var redirections: [(key: Ecosystem, value: Redirection)] = []
    for resolver in resolvers {
      redirections.append(
        (
          resolver.ecosystem,
          await resolver.redirection(to: address, in: surroundings, scratch: scratch)
        ))
    }
    return redirections
  }

  /// The request for a name that a person typed.
  ///
  /// - Throws: `misconfigured` when no ecosystem knows such a name.
  func request(
    naming name: String, lock path: String
  ) async throws(MirrorError) -> Request {
    for resolver in resolvers {
      if let request = resolver.request(naming: name) { return request }
    }
    if let package = PackageURL(name) {
      let lock = try Lockfile(contentsOf: path)
      let surroundings = Surroundings(environment: environment, programs: SubprocessRunner())
      for resolver in resolvers {
        if let request = try await resolver.request(for: package, in: lock, surroundings) {
          return request
        }
      }
    }
    if let package = PackageURL(name) {
      throw MirrorError(
        .misconfigured,
        "\(Locator.redacting(name)): no ecosystem here fetches this kind of pkg:\(package.type)/; "
          + "give the URL of the file, or pkg:pypi/NAME@VERSION?file_name=FILE")
    }
    throw MirrorError(
      .misconfigured,
      "\(Locator.redacting(name)): is neither a URL nor a package URL such as pkg:pypi/NAME@VERSION"
    )
  }
}
