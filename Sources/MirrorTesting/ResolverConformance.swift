public import MirrorCore

/// What a gateway relies on in every resolver, as checks that any resolver can be run through.
///
/// ```swift
/// let table = ResolverConformance(
///   paths: ["left-pad"], foreign: ["a/b/c"], names: ["pkg:npm/left-pad@1.3.0"])
/// #expect(await table.violations(of: NpmResolver()) == [])
/// ```
///
/// A violation is a sentence about the resolver. Nothing here depends on a test library.
public struct ResolverConformance: Sendable {
  private let paths: [String]
  private let foreign: [String]
  private let names: [String]

  /// Creates the table.
  ///
  /// - Parameters:
  ///   - paths: paths below the ecosystem's root at the gateway that its tools ask for; at least one.
  ///   - foreign: paths that they never ask for.
  ///   - names: names that a person may type for one of its things.
  public init(paths: [String], foreign: [String], names: [String]) {
    self.paths = paths
    self.foreign = foreign
    self.names = names
  }

  /// Runs a resolver through the table.
  ///
  /// - Returns: what it does that a gateway cannot work with; nothing when it conforms.
  public func violations(of resolver: any Resolver) async -> [String] {
    var found: [String] = []
    let word = resolver.ecosystem.rawValue
    if word.isEmpty || word != word.lowercased() || word.contains(where: \.isWhitespace) {
      found.append("its ecosystem '\(word)' is no short lower-case word")
    }
    found += await redirects(resolver)
    for path in paths { found += answers(path, resolver) }
    for path in foreign where resolver.answer(to: Query(.path(path)), frozen: nil) != nil {
      found.append("it answers '\(path)', which is none of its paths")
    }
    for name in names {
      guard let request = resolver.request(naming: name) else {
        found.append("it does not know \(name)")
        continue
      }
      found += flaws(of: request, from: name, resolver)
    }
    for name in ["", "pkg:cobol/payroll@1", "no such thing"]
    where resolver.request(naming: name) != nil {
      found.append("it takes '\(name)' for one of its things")
    }
    let surroundings = Surroundings(environment: [:])
    let origin = resolver.origin(over: FakeTransport(), in: surroundings)
    if origin.name != "origin" { found.append("its origin is named '\(origin.name)'") }
    return found
  }

  private func redirects(_ resolver: any Resolver) async -> [String] {
    let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))
    let surroundings = Surroundings(environment: [:])
    let redirection = await resolver.redirection(
      to: gateway, in: surroundings, scratch: "/nowhere/scratch")
    var found: [String] = []
    if redirection == Redirection() { found.append("it points no tool at the gateway") }
    let paths = Array(redirection.files.keys) + redirection.links + redirection.caches.values
    for path in paths
    where path.hasPrefix("/") && !path.hasPrefix("/nowhere/scratch") {
      found.append("it writes outside of the run's folder: \(path)")
    }
    for place in [NativePlace.gateway(Locator(scheme: "http", host: "mirror.example"))] {
      for file in resolver.nativeFiles(for: place, in: surroundings)
      where file.text.contains("t0ken") {
        found.append("it writes the gateway's token into \(file.path)")
      }
    }
    return found
  }

  private func answers(_ path: String, _ resolver: any Resolver) -> [String] {
    let query = Query(.path(path))
    guard let answer = resolver.answer(to: query, frozen: nil) else {
      return ["it does not answer '\(path)'"]
    }
    guard let request = answer.request else { return [] }
    var found = flaws(of: request, from: path, resolver)
    if resolver.answer(to: query, frozen: nil)?.request?.key != request.key {
      found.append("it asks for two things when it is asked '\(path)' twice")
    }
    if case .page = answer, !request.changes {
      found.append("'\(path)' is a page that never changes; its request has to say changes")
    }
    return found
  }

  private func flaws(
    of request: Request, from text: String, _ resolver: any Resolver
  ) -> [String] {
    var found: [String] = []
    if request.ecosystem != resolver.ecosystem {
      found.append("'\(text)' becomes a request of \(request.ecosystem)")
    }
    if request.identity.isEmpty || request.identity.contains(where: \.isWhitespace) {
      found.append("'\(text)' has an identity that a lock cannot hold: '\(request.identity)'")
    }
    if request.ownerName.isEmpty { found.append("'\(text)' has no name to compare owners with") }
    return found
  }
}

extension Answer {
  fileprivate var request: Request? {
    switch self {
    case .artifact(let request, _), .page(let request, _), .nothing(let request, _): request
    case .conversation, .document: nil
    }
  }
}
