import MirrorApt
import MirrorCore
import MirrorGateway
import MirrorGo
import MirrorHTTP
import MirrorPip
import MirrorTesting
import MirrorWeb

/// A gateway over real sockets: one mirror and one origin played by fault servers, and a tool that asks.
struct GatewayFixture: Sendable {
  /// What differs between the tests.
  struct Plan: Sendable {
    var mode = Source.Mode.bestEffort
    var patience = GatewayFixture.patience
    var hasMirror = true
    var hasOrigin = true
    var policy = Policy()
    var lock = Lockfile()
    var token: Secret?
    var allowsTunnels = true
    var isOwner = false
    var credential: CredentialReference?
    var environment: [String: String] = [:]
    var mirrorURL: String?
    var certificateAuthorities: String?
    var go = GoResolver()
    var idleLimit: Duration?
  }

  let mirror: FaultServer
  let origin: FaultServer
  let tool: ToolClient
  let ledger: RunLedger
  let ledgerPath: String
  private let recorded: AsyncStream<LedgerEntry>
  let store: Store
  let address: GatewayAddress

  /// Everyday patience without the pauses between attempts.
  static var patience: Patience {
    var patience = Patience.standard
    patience.pause = .milliseconds(1)
    patience.busyPause = .milliseconds(1)
    return patience
  }

  /// Runs a body against a gateway of that plan; everything is gone afterwards.
  ///
  /// - Parameter plan: made when the servers' addresses are known: the mirror's, then the origin's.
  static func run(
    _ plan: @Sendable (FaultServer, FaultServer) throws -> Plan = { _, _ in Plan() },
    body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    try await FaultServer.run { mirror in
      try await FaultServer.run { origin in
        try await TemporaryFolder.with { folder in
          try await run(try plan(mirror, origin), mirror, origin, folder, body)
        }
      }
    }
  }

  private static func run(
    _ plan: Plan, _ mirror: FaultServer, _ origin: FaultServer, _ folder: String,
    _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    let transport = try HTTPTransport(
      environment: environment(plan, origin, folder), patience: plan.patience,
      certificateAuthorities: plan.certificateAuthorities)
    // What a test does not wait for of its mirror it waits for of the origin.
    let patient = try HTTPTransport(
      environment: environment(plan, origin, folder), patience: patience,
      certificateAuthorities: plan.certificateAuthorities)
    let result: Result<Void, any Error>
    do {
      result = .success(try await run(plan, mirror, origin, folder, transport, patient, body))
    } catch {
      result = .failure(error)
    }
    await transport.shutDown()
    await patient.shutDown()
    try result.get()
  }

  private static func environment(
    _ plan: Plan, _ origin: FaultServer, _ folder: String
  ) -> [String: String] {
    var environment = plan.environment
    environment["PIP_INDEX_URL"] = "\(origin.url)/simple/"
    environment["PIP_CONFIG_FILE"] = "/dev/null"
    environment["GOPROXY"] = environment["GOPROXY"] ?? "\(origin.url)/go"
    environment["HOME"] = folder
    return environment
  }

  /// Runs the body; the courier and the gateway have ended afterwards.
  private static func run(
    _ plan: Plan, _ mirror: FaultServer, _ origin: FaultServer, _ folder: String,
    _ transport: HTTPTransport, _ patient: HTTPTransport,
    _ body: @Sendable (GatewayFixture) async throws -> Void
  ) async throws {
    let environment = environment(plan, origin, folder)
    let store = try Store(at: "\(folder)/store")
    let ledgerPath = "\(folder)/ledger.jsonl"
    let (recorded, note) = AsyncStream<LedgerEntry>.makeStream()
    let ledger = try RunLedger(at: ledgerPath) { note.yield($0) }
    let surroundings = Surroundings(environment: environment)
    let resolvers: [any Resolver] = [
      PipResolver(), plan.go, AptResolver(), WebResolver(),
    ]
    let roots: [Ecosystem: String] = [
      .pip: "simple/", .go: "go", .apt: "debian", .web: "tree/",
    ]
    var chains: [Ecosystem: FallbackChain] = [:]
    for resolver in resolvers {
      let url = plan.mirrorURL ?? "\(mirror.url)/\(roots[resolver.ecosystem] ?? "")"
      guard let locator = Locator(url) else { continue }
      let settings = SourceSettings(
        name: "acme", url: locator, mode: plan.mode, isOwner: plan.isOwner,
        credential: plan.credential)
      let kept: any Mirror =
        resolver.mirror(settings, over: transport, in: surroundings)
        ?? HTTPMirror(settings, layout: .tree, over: transport)
      var sources = [Source.store]
      if plan.hasMirror {
        sources.append(.mirror(kept, mode: plan.mode, isOwner: plan.isOwner))
      }
      if plan.hasOrigin {
        sources.append(.origin(resolver.origin(over: patient, in: surroundings)))
      }
      chains[resolver.ecosystem] = FallbackChain(
        sources, store: store, policy: plan.policy, lock: plan.lock, verifier: resolver.verifier)
    }
    let courier = Courier(chains: chains, ledger: ledger)
    var gateway = Gateway(
      resolvers: resolvers, courier: courier, ledger: ledger,
      frozen: plan.policy.isFrozen ? plan.lock : nil,
      tunnels: TunnelPolicy(
        isAllowed: plan.allowsTunnels, proxies: ProxySettings(environment: environment)))
    if let limit = plan.idleLimit { gateway.idleLimit = limit }
    let (addresses, announce) = AsyncStream<GatewayAddress>.makeStream()
    async let _ = courier.run()
    async let serving: Void = { [gateway] in
      defer { announce.finish() }
      try await gateway.run(token: plan.token) { announce.yield($0) }
    }()
    guard let address = await addresses.first(where: { _ in true }) else {
      return try await serving
    }
    let fixture = GatewayFixture(
      mirror: mirror, origin: origin, tool: ToolClient(port: address.port), ledger: ledger,
      ledgerPath: ledgerPath, recorded: recorded, store: store, address: address)
    try await body(fixture)
  }

  /// Waits for the next entry: an answer may be complete before it is recorded.
  func nextEntry() async -> LedgerEntry? { await recorded.first { _ in true } }

  /// Waits for the next entry about a thing that sources were asked for; pages, which may change, and
  /// answers from the store are left aside.
  func nextFetchEntry() async -> LedgerEntry? {
    await recorded.first { $0.changes == nil && $0.attempts.first?.source != "store" }
  }
}
