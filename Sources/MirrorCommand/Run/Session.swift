internal import Glibc
package import MirrorCore
import MirrorHTTP

/// Everything one command needs to carry requests: configuration, store, lock, chains and ledger.
package struct Session {
  let configuration: Configuration
  package let policy: Policy
  package let store: Store
  package let lock: Lockfile
  package let lockPath: String
  let folder: RunFolder?
  package let ledger: RunLedger
  /// Says, once for any number of them, that there are new entries in the ledger.
  let news: AsyncStream<Void>
  package let chains: [Ecosystem: FallbackChain]
  let courier: Courier
  let transport: HTTPTransport
  let surroundings: Surroundings

  /// Opens a session.
  ///
  /// - Parameters:
  ///   - isRecorded: whether it is a run, with a folder and a ledger of its own.
  ///   - usesNetrc: whether the user's logins may be shown for whoever asks.
  /// - Throws: `misconfigured` when configuration, lock or store cannot be used.
  package init(
    _ options: SessionOptions, in toolbox: Toolbox, isRecorded: Bool = true, usesNetrc: Bool = true
  ) throws(MirrorError) {
    let resolvers = toolbox.resolvers
    configuration = try options.configuration(for: toolbox)
    for name in configuration.idleMirrors {
      toolbox.console.warn(
        "the mirror \(name) is asked by no chain; name it in the sources of one, such as [chain web]"
      )
    }
    policy = toolbox.policy.tightened(
      by: Policy(
        isStrict: options.strict || configuration.isStrict, isLocked: options.locked,
        isOffline: options.offline, owned: configuration.owned))
    lockPath = options.lock
    lock = try Lockfile(contentsOf: lockPath)
    if policy.isLocked, lock.isEmpty {
      throw MirrorError(
        .misconfigured, "\(lockPath): there is no lock to hold to; record it with mirror run first")
    }
    store = try Store(at: options.store)
    folder = isRecorded ? try RunFolder(in: store) : nil
    let announcer = Announcer(console: toolbox.console)
    let (news, tell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.news = news
    ledger = try RunLedger(at: folder?.ledgerPath ?? "/dev/null") { entry in
      announcer.announce(entry)
      tell.yield()
    }
    let environment = toolbox.environment
    surroundings = Surroundings(
      environment: environment, scratch: folder?.scratchPath, isFrozen: policy.isFrozen,
      showsLogins: usesNetrc, programs: SubprocessRunner(), storage: Disk.absolute(store.path),
      timeLimit: configuration.timeLimit,
      versions: try configuration.versions(of: resolvers, lock: lock), isStrict: policy.isStrict)
    transport = try HTTPTransport(
      environment: environment, usesNetrc: usesNetrc,
      patience: configuration.timeLimit.map { Patience(limit: $0) } ?? .standard,
      certificateAuthorities: configuration.certificateAuthorities)
    let files = FileTransport(over: transport)
    var chains: [Ecosystem: FallbackChain] = [:]
    for resolver in resolvers {
      chains[resolver.ecosystem] = FallbackChain(
        try configuration.sources(for: resolver, over: files, in: surroundings),
        store: store, policy: policy, lock: lock,
        verifier: resolver.verifier, observers: toolbox.observers)
    }
    self.chains = chains
    courier = Courier(chains: chains, ledger: ledger)
  }

  /// The lock, when look-ups that may change are answered from it alone.
  var frozen: Lockfile? { policy.isFrozen ? lock : nil }

  /// Closes every connection and removes what only the session needed; it must not be used afterwards.
  package func close() async {
    await transport.shutDown()
    await folder?.clear()
  }
}

extension Configuration {
  /// The versions that packages are held to.
  ///
  /// - Throws: `misconfigured` when a list cannot be read, or its ecosystem cannot be held to one.
  func versions(
    of resolvers: [any Resolver], lock: Lockfile
  ) throws(MirrorError) -> [Ecosystem: [String: String]] {
    var versions: [Ecosystem: [String: String]] = [:]
    for (ecosystem, place) in pins {
      guard resolvers.contains(where: { $0.ecosystem == ecosystem && $0.holdsVersions }) else {
        throw MirrorError(
          .misconfigured,
          "[pins] \(ecosystem): nothing holds this ecosystem's tools to versions; leave it out")
      }
      versions[ecosystem] =
        place == "lock"
        ? PinnedVersions.recorded(in: lock, of: ecosystem)
        : PinnedVersions.read(String(decoding: try Disk.read(place) ?? [], as: UTF8.self))
    }
    return versions
  }

  /// The sources of an ecosystem's chain, in order.
  func sources(
    for resolver: any Resolver, over transport: any Transport, in surroundings: Surroundings
  ) throws(MirrorError) -> [Source] {
    try (chains[resolver.ecosystem] ?? everydayChain).map { word throws(MirrorError) in
      switch word {
      case "store": return .store
      case "origin": return .origin(resolver.origin(over: transport, in: surroundings))
      default:
        if let source = ownMirror(word) { return source }
        guard let settings = mirrors[word] else {
          throw MirrorError(.misconfigured, "no mirror is named '\(word)'")
        }
        return .mirror(
          try mirror(settings, for: resolver, over: transport, in: surroundings),
          mode: settings.mode,
          isOwner: settings.isOwner)
      }
    }
  }

  private func mirror(
    _ settings: SourceSettings, for resolver: any Resolver, over transport: any Transport,
    in surroundings: Surroundings
  ) throws(MirrorError) -> any Mirror {
    if !settings.program.isEmpty {
      return ProgramMirror(settings.name, settings.program, in: surroundings)
    }
    // A layout is for files; what has repositories has one beside it for other ecosystems.
    let isNative = settings.layout == nil || settings.repositories != nil
    let native = isNative ? resolver.mirror(settings, over: transport, in: surroundings) : nil
    let layout = try settings.layout.map { text throws(MirrorError) in try Layout(text) } ?? .tree
    let mirror = native ?? HTTPMirror(settings, layout: layout, over: transport)
    guard let canary = settings.canary else { return mirror }
    return CanaryMirror(mirror, canary: canary, settings: settings, over: transport)
  }
}
