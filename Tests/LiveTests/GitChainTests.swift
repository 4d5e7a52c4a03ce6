import Foundation
import MirrorTesting
import Testing

/// The table in Documentation/Chain.md for git: a mirror that breaks, with an origin behind it or without.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitChainTests {
  /// What the mirror does, and what must come of it.
  enum Fault: String, CaseIterable, Sendable {
    case ok, notFound, gone, unauthorized, forbidden, tooManyRequests, serverError, overloaded
    case refused, hang, truncated, wrongBytes, htmlPage, empty, redirectElsewhere, httpsToHTTP

    /// The outcome of the mirror in the trail.
    var outcome: String {
      switch self {
      case .ok, .redirectElsewhere: "hit"
      case .notFound, .gone: "miss"
      case .unauthorized, .forbidden: "denied"
      case .wrongBytes: "corrupt"
      case .httpsToHTTP: "insecure"
      default: "unavailable"
      }
    }

    /// Who serves in the end; `nil` when nobody may.
    func server(isGatekeeper: Bool, hasOrigin: Bool) -> String? {
      switch outcome {
      case "hit": "vault"
      case "miss": hasOrigin ? "origin" : nil
      case "unavailable": hasOrigin && !isGatekeeper ? "origin" : nil
      default: nil
      }
    }
  }

  struct Cell: Sendable, CustomTestStringConvertible {
    var fault: Fault
    var isGatekeeper: Bool
    var hasOrigin: Bool

    var testDescription: String {
      "\(fault)\(isGatekeeper ? " gatekeeper" : "")\(hasOrigin ? " origin" : "")"
    }

    static let all = Fault.allCases.flatMap { fault in
      (0..<4).map { Cell(fault: fault, isGatekeeper: $0 & 1 != 0, hasOrigin: $0 & 2 != 0) }
    }
  }

  @Test(arguments: Cell.all)
  func `gives the expected repository or none`(cell: Cell) async throws {
    try await FaultServer.run(tls: .trusted) { secure in
      try await FaultServer.run { plain in
        try await FaultServer.run { elsewhere in
          try await GitFixture.run { fixture in
            try await fixture.makeRepository("acme/tool", commits: 7)
            let files = try await fixture.bareTree("acme/tool", as: "/tool.git")
            let mirror = cell.fault == .httpsToHTTP ? secure : plain
            lay(files, on: elsewhere)
            script(cell.fault, mirror, elsewhere, files)
            try await verify(cell, mirror, fixture)
          }
        }
      }
    }
  }

  @Test func `shows a credential to its mirror alone, also when that leads elsewhere`() async throws
  {
    try await FaultServer.run { mirror in
      try await FaultServer.run { elsewhere in
        try await GitFixture.run { fixture in
          try await fixture.makeRepository("acme/tool", commits: 7)
          let files = try await fixture.bareTree("acme/tool", as: "/tool.git")
          lay(files, on: elsewhere)
          script(.redirectElsewhere, mirror, elsewhere, files)
          try """
          [mirror vault]
          url = \(mirror.url)/
          repositories = {name}.git
          credential = env:VAULT
          [chain git]
          sources = store, vault
          """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
          var environment = fixture.environment
          environment["VAULT"] = "robot:s3cret-token"
          let outcome = try await Tool.mirrorRun(
            [], ["git", "clone", "-q", "https://git.example/acme/tool.git"], in: fixture.folder,
            environment: environment)
          #expect(outcome.status != 0)
          let attempts = try #require(try fixture.firstEntry()["attempts"] as? [[String: Any]])
          #expect(attempts.first?["outcome"] as? String == "unavailable", "\(attempts)")
          #expect(mirror.requests.contains { $0.headers["authorization"] != nil })
          #expect(elsewhere.requests.isEmpty, "\(elsewhere.requests)")
        }
      }
    }
  }

  // MARK: Circumstances

  private func lay(_ files: [String: [UInt8]], on server: FaultServer) {
    for (path, bytes) in files { server.script(path, .file(bytes)) }
    // What git asks first, in case the server is a smart one.
    if let refs = files["/tool.git/info/refs"] {
      server.script("/tool.git/info/refs?service=git-upload-pack", .file(refs))
    }
  }

  private func script(
    _ fault: Fault, _ mirror: FaultServer, _ elsewhere: FaultServer, _ files: [String: [UInt8]]
  ) {
    let pack = files.keys.first { $0.hasSuffix(".pack") } ?? ""
    switch fault {
    case .ok, .refused: lay(files, on: mirror)
    case .notFound: mirror.setDefault(.status(404))
    case .gone: mirror.setDefault(.status(410))
    case .unauthorized: mirror.setDefault(.status(401))
    case .forbidden: mirror.setDefault(.status(403))
    case .tooManyRequests: mirror.setDefault(.status(429))
    case .serverError: mirror.setDefault(.status(500))
    case .overloaded: mirror.setDefault(.status(503))
    case .hang: mirror.setDefault(.hang)
    case .htmlPage: mirror.setDefault(.html())
    case .empty: mirror.setDefault(.empty)
    case .truncated:
      lay(files, on: mirror)
      mirror.script(pack, .truncated(files[pack] ?? [], after: 100))
    case .wrongBytes:
      lay(files, on: mirror)
      var bytes = files[pack] ?? []
      for index in bytes.indices.dropFirst(40) { bytes[index] ^= 0x55 }
      mirror.script(pack, .file(bytes))
    case .redirectElsewhere, .httpsToHTTP:
      let query = "info/refs?service=git-upload-pack"
      mirror.script(
        "/tool.git/\(query)", .redirect(to: "\(elsewhere.url)/tool.git/\(query)"))
    }
  }

  // MARK: Proof

  private func verify(_ cell: Cell, _ mirror: FaultServer, _ fixture: GitFixture) async throws {
    let url = cell.fault == .refused ? try FaultServer.refusedURL() : mirror.url
    let configuration = """
      [mirror vault]
      url = \(url)/
      repositories = {name}.git
      mode = \(cell.isGatekeeper ? "gatekeeper" : "best-effort")
      [chain git]
      sources = store, vault\(cell.hasOrigin ? ", origin" : "")
      [policy]
      time-limit = \(cell.fault == .hang ? 5 : 3)
      """
    try configuration.write(
      toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
    let authority = "\(fixture.folder)/ca.pem"
    try FaultServer.certificateAuthorityPEM.write(
      toFile: authority, atomically: true, encoding: .utf8)
    var environment = fixture.environment
    environment["GIT_SSL_CAINFO"] = authority
    let outcome = try await Tool.mirrorRun(
      [], ["git", "clone", "-q", "https://git.example/acme/tool.git"], in: fixture.folder,
      environment: environment)
    let entry = try fixture.firstEntry()
    let attempts = try #require(entry["attempts"] as? [[String: Any]])
    #expect(attempts.first?["source"] as? String == "vault")
    #expect(
      attempts.first?["outcome"] as? String == cell.fault.outcome, "\(attempts) \(outcome.errors)")
    let server = cell.fault.server(isGatekeeper: cell.isGatekeeper, hasOrigin: cell.hasOrigin)
    #expect(entry["source"] as? String == server, "\(outcome.errors)")
    #expect((outcome.status == 0) == (server != nil), "\(outcome.errors)")
    if server != "origin" { #expect(fixture.server.log.isEmpty, "the origin was asked") }
    if server != nil {
      let heads = try await fixture.shell(
        "git -C tool rev-list --count HEAD; git -C tool fsck --strict 2>&1")
      #expect(heads.text == "7\n")
    } else {
      #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/tool"))
    }
  }
}
