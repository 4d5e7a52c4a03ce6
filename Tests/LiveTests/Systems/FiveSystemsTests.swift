import Foundation
import MirrorTesting
import Testing

/// One build whose downloads come from five mirror systems at once.
@Suite(.serialized) struct FiveSystemsTests {
  private static let names = [
    "aptly", "pypiserver", "GOPROXY tree", "git http-backend", "disk, by URL",
  ]

  @Test
  func `a build takes each thing from its own system, and all from the store when they are gone`()
    async throws
  {
    try await Self.start { build in
      let first = try await build.run()
      #expect(first.status == 0, "\(first.errors)")
      try build.expectResults()
      let sources = Set(try build.ledger(in: ".mirror").compactMap(\.source))
      #expect(sources.subtracting(["store"]) == Set(build.sites.map(\.system.mirror)))
      #expect(build.sites.allSatisfy { !$0.goods.wasAsked }, "an origin was asked")

      for site in build.sites { site.running.stop() }
      let second = try await build.run(["--offline"], isolated: Tool.canIsolate)
      #expect(second.status == 0, "\(second.errors)")
      try build.expectResults()
    }
  }

  /// What one of them does instead of answering, and what becomes of the build.
  struct Fault: Sendable, CustomTestStringConvertible {
    enum End: Sendable {
      /// The next source is asked, and nothing is said.
      case missed
      /// The next source is asked, and that is said.
      case passed
      /// The next source is asked, loudly: the lock says what the bytes must be.
      case caught
      /// The build stops, and nobody else is asked.
      case stopped
      /// The build stops, since nobody else has the bytes that the lock says.
      case refused
    }

    let testDescription: String
    let answer: FaultAnswer
    let end: End

    init(_ name: String, _ answer: FaultAnswer, _ end: End) {
      testDescription = name
      self.answer = answer
      self.end = end
    }

    /// What becomes of the build where that system has the fault.
    func end(at system: MirrorSystem) -> End {
      guard end == .caught else { return end }
      return switch system.mirror {
      // It signs releases of its own.
      case "aptly": .refused
      // An index that does not list a file has not got it.
      case "pypiserver": .missed
      default: .caught
      }
    }
  }

  /// What a mirror does with a file whose index it has right.
  private struct ArtifactFault: Sendable {
    let name: String
    let options: [String]
    /// Of asking it.
    let outcome: String
    /// Its answer for a file, which also lies at a URL elsewhere.
    let answer: @Sendable (_ file: [UInt8], _ url: String) -> FaultAnswer

    static let all = [
      ArtifactFault(name: "wrong bytes", options: ["--locked"], outcome: "corrupt") { file, _ in
        .file(file.map { $0 ^ 0x55 })
      },
      ArtifactFault(name: "half", options: ["--lock", "half.lock"], outcome: "unavailable") {
        file, _ in .truncated(file, after: file.count / 2)
      },
      ArtifactFault(name: "elsewhere", options: ["--locked"], outcome: "hit") { _, url in
        .redirect(to: url)
      },
    ]
  }

  private static let page: FaultAnswer = .status(
    200, headers: ["Content-Type": "text/html"], body: Array("<html>sign in</html>".utf8))

  /// So that nobody waits to ask again.
  private static let later: KeyValuePairs = ["Retry-After": "3600"]

  @Test(arguments: [
    Fault("404", .status(404), .missed), Fault("410", .status(410), .missed),
    Fault("429", .status(429, headers: later), .passed), Fault("500", .status(500), .passed),
    Fault("503", .status(503, headers: later), .passed), Fault("a reset", .reset, .passed),
    Fault("silence", .hang, .passed),
    Fault("an answer cut off", .truncated(bytes(of: "file"), after: 0), .passed),
    Fault("wrong bytes", .file(bytes(of: "other")), .caught),
    Fault("a web page", page, .caught), Fault("nothing at all", .status(200), .caught),
    Fault("401", .status(401), .stopped), Fault("403", .status(403), .stopped),
  ])
  func `one system fails, whichever of the five`(fault: Fault) async throws {
    try await Self.start { build in
      if fault.end == .caught {
        let first = try await build.run(["--store", "first"])
        #expect(first.status == 0, "\(first.errors)")
      }
      for ill in build.sites {
        let store = "\(ill.system.mirror) store"
        let lock = fault.end == .caught ? ["--locked"] : ["--lock", "\(store).lock"]
        let outcome = try await FaultServer.run { server in
          server.setDefault(fault.answer)
          return try await build.run(
            ["--store", store] + lock, putting: [ill.system.mirror: server.url])
        }
        let about = Comment(rawValue: "\(ill.system) gives \(fault): \(outcome.errors)")
        let said = outcome.errors.split(separator: "\n").contains {
          $0.hasPrefix("mirror: ") && $0.contains(ill.system.mirror) && !$0.contains("recorded in")
        }
        let end = fault.end(at: ill.system)
        if end == .refused {
          #expect(outcome.status != 0 && ill.results.isEmpty, about)
          #expect(outcome.errors.contains("nothing was delivered"), about)
          continue
        }
        #expect(said == (end != .missed), about)
        guard end != .stopped else {
          #expect(outcome.status != 0, about)
          #expect(ill.results.isEmpty && !ill.goods.wasAsked, about)
          continue
        }
        #expect(outcome.status == 0, about)
        try build.expectResults()
        let sources = Set(try build.ledger(in: store).compactMap(\.source))
        let healthy = build.sites.map(\.system.mirror).filter { $0 != ill.system.mirror }
        #expect(sources.subtracting(["store"]) == Set(healthy + ["origin"]), about)
      }
    }
  }

  @Test func `the file itself is ill at four of the five, and all around it is well`() async throws
  {
    try await Self.start { build in
      let recorded = try await build.run(["--store", "first"])
      #expect(recorded.status == 0, "\(recorded.errors)")
      // What git gives has no path of its own; GitPeerTests breaks that.
      let sites = build.sites.filter { !($0.goods is GitGoods) }
      try await FaultServer.run { ill in
        var fronts: [String: String] = [:]
        var running: [PeerServer] = []
        defer { for server in running { server.stop() } }
        var files: [(suffix: String, bytes: [UInt8], well: String)] = []
        for site in sites {
          let file = try #require(try site.goods.expected(.kept).first { $0.key.contains(".") })
          let suffix = ".\(file.key.split(separator: ".").last ?? "")"
          let well = try #require(site.running.places.values.first)
          files.append((suffix, Array(file.value), well))
          let front = try await Nginx.start(
            in: build.folder,
            """
            proxy_set_header Host $http_host;
            location / { proxy_pass \(well); }
            location ~ \\\(suffix)$ { proxy_pass \(ill.url); }
            """)
          running.append(front)
          fronts[site.system.mirror] = front.url
        }
        let kept = files
        for fault in ArtifactFault.all {
          ill.setDefault(
            .choosing { request in
              guard let file = kept.first(where: { request.path.hasSuffix($0.suffix) }) else {
                return .status(404)
              }
              return fault.answer(file.bytes, "\(file.well)\(request.path)")
            })
          let run = try await build.run(["--store", fault.name] + fault.options, putting: fronts)
          let about = Comment(rawValue: "\(fault.name): \(run.errors)")
          #expect(run.status == 0, about)
          try build.expectResults()
          let ledger = try build.ledger(in: fault.name)
          let isWell = fault.outcome == "hit"
          for (site, file) in zip(sites, kept) {
            let mirror = site.system.mirror
            let line = try #require(ledger.first { $0.identity.hasSuffix(file.suffix) }, about)
            #expect(line.outcome(at: mirror) == fault.outcome, about)
            #expect(line.source == (isWell ? mirror : "origin"), about)
            #expect(ill.requests.contains { $0.path.hasSuffix(file.suffix) }, about)
            let said = run.errors.split(separator: "\n").contains {
              $0.hasPrefix("mirror: ") && $0.contains(mirror) && !$0.contains(" artifacts, ")
            }
            #expect(said != isWell, about)
          }
          #expect(ledger.count { $0.source == "origin" } == (isWell ? 0 : sites.count), about)
        }
      }
    }
  }

  /// Starts the five, one within the other, and a build of all of them.
  private static func start(_ body: @Sendable (JointBuild) async throws -> Void) async throws {
    let systems = names.compactMap { name in MirrorSystem.all.first { $0.name == name } }
    try #require(systems.count == names.count)
    for system in systems {
      let missing = system.programs.filter { PeerServer.path(of: $0) == nil }
      if !missing.isEmpty {
        try Test.cancel("\(missing.joined(separator: ", ")) is missing: Tests/run")
      }
    }
    try await TemporaryFolder.with { folder in
      try await start(systems[...], []) { sites in
        try await body(JointBuild(folder: folder, sites: sites))
      }
    }
  }

  private static func start(
    _ systems: ArraySlice<MirrorSystem>, _ sites: [SystemSite],
    _ body: @Sendable ([SystemSite]) async throws -> Void
  ) async throws {
    guard let system = systems.first else { return try await body(sites) }
    try await system.run { site in try await start(systems.dropFirst(), sites + [site], body) }
  }
}

/// The builds of several systems as one.
private struct JointBuild: Sendable {
  let folder: String
  let sites: [SystemSite]

  /// Runs it, with other servers in the places of some of the systems, by the mirrors' names.
  func run(
    _ options: [String] = [], isolated: Bool = false, putting urls: [String: String] = [:]
  ) async throws -> Tool.Outcome {
    var configuration = sites.map(\.configuration).joined() + "[policy]\ntime-limit = 5\n"
    for site in sites {
      guard let url = urls[site.system.mirror] else { continue }
      for place in site.running.places.values {
        configuration = configuration.replacing(place, with: url)
      }
    }
    try configuration.write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
    let script = try sites.map { site in
      "( cd '\(site.goods.folder)'\nrm -rf out\n\(try site.goods.script(.kept))\n)\n"
    }.joined()
    return try await Tool.mirrorRun(
      options, ["bash", "-ec", script], in: folder, isolated: isolated, environment: environment)
  }

  func expectResults() throws {
    for site in sites {
      #expect(site.results == (try site.goods.expected(.kept)), "\(site.system)")
    }
  }

  /// What the last run with a store served.
  func ledger(in store: String) throws -> [LedgerLine] {
    let text = try String(
      contentsOfFile: "\(folder)/\(store)/runs/last/ledger.jsonl", encoding: .utf8)
    return try text.split(separator: "\n")
      .map { try JSONDecoder().decode(LedgerLine.self, from: Data($0.utf8)) }
      .filter { $0.outcome == "served" }
  }

  /// What each user has set up for their tools; the home is git's, which keeps its settings there.
  private var environment: [String: String] {
    var joint = Tool.environment(home: folder)
      .filter { !["PIP_", "GO", "GIT_"].contains(where: $0.key.hasPrefix) }
    for site in sites {
      let everyday = Tool.environment(home: site.goods.folder)
      let isGit = site.goods is GitGoods
      for (name, value) in site.goods.environment where everyday[name] != value {
        if name != "PWD", isGit || !["HOME", "XDG_CACHE_HOME"].contains(name) {
          joint[name] = value
        }
      }
    }
    return joint
  }
}
