import Foundation
import MirrorTesting
import Testing

/// A mirror system that runs.
struct RunningSystem: Sendable {
  /// What stands for the hosts in the configuration of its page.
  var places: [String: String]
  /// Ends it.
  var stop: @Sendable () -> Void
  /// What the environment of a build has besides, where its user shows this login.
  var environment: @Sendable (String?) -> [String: String] = { login in
    login.map { ["ACME_LOGIN": $0] } ?? [:]
  }
  /// What a message about a wrong login names.
  var loginPlace = "env:ACME_LOGIN"
  /// Whether its users log in always: there is no way to start it without.
  var alwaysShowsLogin = false
  /// Whether a build went through it, where that is not plain from the ledger.
  var wasUsed: @Sendable () -> Bool = { true }
}

/// A mirror system of the user's guide: how it is started with one of two things in it, and the page that
/// says how it is used.
struct MirrorSystem: Sendable, CustomTestStringConvertible {
  /// The word for it in the table.
  let name: String
  /// Its page below Documentation/Systems.
  let page: String
  /// The mirror's name in the page's configuration.
  let mirror: String
  /// The programs of this machine that it needs.
  let programs: [String]
  /// The program that runs the build.
  let program: String
  /// Whether it is a folder of this machine, which nobody logs in to.
  let isLocal: Bool
  /// Whether it can ask for a login.
  let hasLogin: Bool
  private let perform:
    @Sendable (String?, @Sendable (any Goods, RunningSystem) async throws -> Void) async throws ->
      Void

  var testDescription: String { name }

  /// A system of a kind of goods.
  ///
  /// - Parameters:
  ///   - start: starts it, asking for a login where one is given, and runs a body.
  init<G: Goods>(
    _ name: String, page: String, mirror: String, needs programs: [String],
    program: String = Tool.mirror, isLocal: Bool = false, hasLogin: Bool = true,
    _ start:
      @escaping @Sendable (
        _ goods: G, _ login: String?, _ body: @Sendable (RunningSystem) async throws -> Void
      ) async throws -> Void
  ) {
    self.name = name
    self.page = page
    self.mirror = mirror
    self.programs = programs
    self.program = program
    self.isLocal = isLocal
    self.hasLogin = hasLogin && !isLocal
    perform = { login, body in
      try await G.run { goods in
        try await start(goods, login) { system in try await body(goods, system) }
      }
    }
  }

  /// A system whose server has no login of its own; where one is asked for, nginx stands in front.
  ///
  /// - Parameters:
  ///   - host: its address in the page's configuration.
  ///   - environment: what a build's environment has besides.
  ///   - serve: starts its servers; the last of them is the one that is asked.
  init<G: Goods>(
    _ name: String, page: String, mirror: String, host: String, needs programs: [String],
    program: String = Tool.mirror,
    environment: @escaping @Sendable (_ goods: G) -> [String: String] = { _ in [:] },
    serve: @escaping @Sendable (_ goods: G) async throws -> [PeerServer]
  ) {
    self.init(
      name, page: page, mirror: mirror, needs: programs + ["nginx"], program: program
    ) { (goods: G, login, body) in
      var servers = try await serve(goods)
      if let login, let last = servers.last {
        servers.append(try await Nginx.guarding(last.url, login: login, in: goods.folder))
      }
      let running = servers
      let stop: @Sendable () -> Void = { for server in running.reversed() { server.stop() } }
      defer { stop() }
      var system = RunningSystem(places: [host: running.last?.url ?? ""], stop: stop)
      let more = environment(goods)
      let showing = system.environment
      system.environment = { login in more.merging(showing(login)) { $1 } }
      try await body(system)
    }
  }

  /// Starts it for the length of a body.
  func run(
    login: String? = nil, _ body: @Sendable (SystemSite) async throws -> Void
  ) async throws {
    try await perform(login) { goods, running in
      let configuration = try SystemPage(page).configuration(
        of: mirror, places: running.places,
        hasLogin: (login != nil || running.alwaysShowsLogin) && running.loginPlace.hasPrefix("env:")
      )
      let site = SystemSite(
        system: self, goods: goods, running: running, configuration: configuration)
      try await body(site)
    }
  }
}

/// A system that runs, and builds that use it.
struct SystemSite: Sendable {
  let system: MirrorSystem
  let goods: any Goods
  let running: RunningSystem
  /// The page's configuration, with the servers' addresses.
  let configuration: String

  /// Builds in a clean folder.
  ///
  /// - Parameters:
  ///   - options: of `mirror run`.
  ///   - policy: further lines of the configuration.
  ///   - login: what its user shows to the mirror.
  func build(
    _ thing: Thing, _ options: [String] = [], policy: String = "",
    login: String? = nil, isolated: Bool = false
  ) async throws -> Tool.Outcome {
    try? FileManager.default.removeItem(atPath: "\(goods.folder)/out")
    try (configuration + policy).write(
      toFile: "\(goods.folder)/mirror.conf", atomically: true, encoding: .utf8)
    let words = [system.program, "run"] + options + ["--", "bash", "-ec", try goods.script(thing)]
    let isolation = ["unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]
    return try await Tool.run(
      (isolated ? isolation : []) + words, in: goods.folder,
      environment: goods.environment.merging(running.environment(login)) { $1 })
  }

  /// What the build left; nothing when it left nothing.
  var results: [String: Data] {
    (try? FolderContents("\(goods.folder)/out").files) ?? [:]
  }

  /// The ledger of the last run.
  var ledger: [LedgerLine] {
    get throws {
      let text = try String(
        contentsOfFile: "\(goods.folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
      return try text.split(separator: "\n").map { line in
        try JSONDecoder().decode(LedgerLine.self, from: Data(line.utf8))
      }
    }
  }

  /// What the run wrote down: ledger and lock.
  var records: String {
    ["mirror.lock", ".mirror/runs/last/ledger.jsonl"].map { name in
      (try? String(contentsOfFile: "\(goods.folder)/\(name)", encoding: .utf8)) ?? ""
    }.joined()
  }
}

/// A line of the ledger, as far as the tests read it.
struct LedgerLine: Decodable {
  struct Attempt: Decodable {
    var source: String
    var outcome: String
  }

  var identity: String
  var outcome: String
  var source: String?
  var attempts: [Attempt]

  /// What became of asking a source; `nil` where it was not asked.
  func outcome(at source: String) -> String? {
    attempts.first { $0.source == source }?.outcome
  }
}
