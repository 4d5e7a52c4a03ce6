import Foundation
import MirrorTesting
import Testing

/// A git server as the first mirror, with the origin behind it: what it breaks off, and what it lacks of a lock.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitPeerTests {
  /// What is the matter with it, and what must come of that.
  struct Case: Sendable, CustomTestStringConvertible {
    /// Its repository.
    enum State: String, Sendable {
      case same
      /// With a commit more than the lock has.
      case goneOn
      /// Without the last commit of the lock.
      case rewritten
    }

    var fault: GitServer.Fault?
    var state = State.same
    var isLocked = false
    var isGatekeeper = false
    var outcome: String
    var server: String?

    var testDescription: String {
      "\(fault.map(\.rawValue) ?? "\(state)")\(isLocked ? " locked" : "")\(isGatekeeper ? " gatekeeper" : "")"
    }
  }

  @Test(arguments: [
    Case(fault: .cut, outcome: "unavailable", server: "origin"),
    Case(fault: .hangUp, isLocked: true, outcome: "unavailable", server: "origin"),
    Case(fault: .hangUp, isGatekeeper: true, outcome: "unavailable"),
    Case(fault: .flip, outcome: "corrupt"),
    Case(fault: .flip, isLocked: true, outcome: "corrupt", server: "origin"),
    Case(state: .goneOn, isLocked: true, outcome: "hit", server: "vault"),
    Case(state: .rewritten, isLocked: true, outcome: "miss", server: "origin"),
  ])
  func `gives the recorded repository or none`(row: Case) async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 7)
      let vault = "\(fixture.folder)/vault"
      try FileManager.default.createDirectory(atPath: vault, withIntermediateDirectories: true)
      try await GitServer.run(in: vault, fault: row.fault) { mirror in
        try await fixture.shell(
          """
          cp -r "$ROOT/acme/tool.git" '\(mirror.root)/tool.git'
          case \(row.state) in goneOn) base=main ;; rewritten) base=main~1 ;; *) exit 0 ;; esac
          cd '\(mirror.root)/tool.git'
          git update-ref refs/heads/main $(git commit-tree -m other -p $base "$base^{tree}")
          git config uploadpack.allowAnySHA1InWant false && git gc -q --prune=now
          """)
        try await verify(row, mirror, fixture)
      }
    }
  }

  private func verify(_ row: Case, _ mirror: GitServer, _ fixture: GitFixture) async throws {
    let clone = "rm -rf tool; git clone -q https://git.example/acme/tool.git"
    if row.isLocked {
      let recorded = try await fixture.build([], clone)
      #expect(recorded.status == 0, "\(recorded.errors)")
      // The list of the refs stays; the objects have to come again.
      try await fixture.shell("rm -rf .mirror/git tool")
    }
    try """
    [mirror vault]
    url = \(mirror.url)/
    repositories = {name}.git
    mode = \(row.isGatekeeper ? "gatekeeper" : "best-effort")
    [chain git]
    sources = store, vault, origin
    [policy]
    time-limit = 2
    """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
    let asked = fixture.server.log.count
    let outcome = try await fixture.build(row.isLocked ? ["--locked"] : [], clone)
    let entry = try fixture.firstEntry()
    let attempts = try #require(entry["attempts"] as? [[String: Any]])
    #expect(attempts.first?["source"] as? String == "vault")
    #expect(attempts.first?["outcome"] as? String == row.outcome, "\(attempts) \(outcome.errors)")
    #expect(entry["source"] as? String == row.server, "\(outcome.errors)")
    #expect((outcome.status == 0) == (row.server != nil), "\(outcome.errors)")
    #expect((fixture.server.log.count > asked) == (row.server == "origin"), "\(fixture.server.log)")
    guard row.server != nil else {
      #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/tool"))
      return
    }
    let heads = try await fixture.shell(
      """
      git -C tool fsck --strict 2>&1; git -C tool rev-parse HEAD v1
      git -C "$ROOT/acme/tool.git" rev-parse HEAD v1
      """)
    let ids = heads.text.split(separator: "\n")
    #expect(ids.count == 4 && ids.prefix(2) == ids.suffix(2), "\(heads.text)")
  }
}
