import Foundation
import MirrorTesting
import Testing

/// The table of mirror systems in Documentation/Systems: each with its real server, used by real tools as
/// its page says.
@Suite(.serialized) struct MirrorSystemTests {
  private static let secret = "reader:s3cret-word"

  private func require(_ system: MirrorSystem) throws {
    let missing = system.programs.filter { PeerServer.path(of: $0) == nil }
    if !missing.isEmpty {
      try Test.cancel("\(missing.joined(separator: ", ")) is missing: Tests/run")
    }
  }

  /// What a build got, and that the mirror alone was asked for it.
  private func expectHit(_ outcome: Tool.Outcome, at site: SystemSite) throws {
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(site.results == (try site.goods.expected(.kept)), "\(outcome.errors)")
    let served = try site.ledger.filter { $0.outcome == "served" }
    #expect(!served.isEmpty)
    // What a tool gets twice comes from the store the second time.
    #expect(
      served.allSatisfy { $0.source == site.system.mirror || $0.source == "store" },
      "\(site.records)")
    #expect(served.contains { $0.source == site.system.mirror }, "\(site.records)")
    #expect(!site.goods.wasAsked, "the origin was asked")
    #expect(site.running.wasUsed())
  }

  @Test(arguments: MirrorSystem.all) func hit(system: MirrorSystem) async throws {
    try require(system)
    try await system.run { site in
      try expectHit(try await site.build(.kept), at: site)
    }
  }

  @Test(arguments: MirrorSystem.all) func miss(system: MirrorSystem) async throws {
    try require(system)
    try await system.run { site in
      let outcome = try await site.build(.other)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(site.results == (try site.goods.expected(.other)), "\(outcome.errors)")
      let served = try site.ledger.filter { $0.source == "origin" }
      #expect(!served.isEmpty, "\(site.records)")
      #expect(
        served.allSatisfy { $0.outcome(at: system.mirror) == "miss" }, "\(site.records)")
      // Lines of apt's state are about other things.
      let words = outcome.errors.split(separator: "\n").filter { $0.contains(" \(system.mirror) ") }
      #expect(words.isEmpty, "a miss is no news: \(outcome.errors)")
    }
  }

  @Test(arguments: MirrorSystem.remote) func outage(system: MirrorSystem) async throws {
    try require(system)
    try await system.run { site in
      site.running.stop()
      let outcome = try await site.build(.kept, policy: "[policy]\ntime-limit = 4\n")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(site.results == (try site.goods.expected(.kept)), "\(outcome.errors)")
      let served = try site.ledger.filter { $0.source == "origin" }
      #expect(!served.isEmpty, "\(site.records)")
      #expect(
        served.allSatisfy { $0.outcome(at: system.mirror) == "unavailable" }, "\(site.records)")
      let words = outcome.errors.split(separator: "\n").filter { !$0.contains("recorded in") }
      #expect(
        words.contains { $0.contains(system.mirror) }, "nothing was said: \(outcome.errors)")
    }
  }

  @Test(arguments: MirrorSystem.guarded) func auth(system: MirrorSystem) async throws {
    try require(system)
    try await system.run(login: Self.secret) { site in
      let known = try await site.build(.kept, login: Self.secret)
      try expectHit(known, at: site)
      #expect(!(site.records + known.errors).contains("s3cret-word"))

      let stranger = try await site.build(
        .kept, ["--store", "another", "--lock", "another.lock"],
        login: "reader:an-old-word")
      #expect(stranger.status != 0)
      #expect(site.results.isEmpty)
      #expect(stranger.errors.contains(site.running.loginPlace), "\(stranger.errors)")
      #expect(!stranger.errors.contains("an-old-word"))
      #expect(!site.goods.wasAsked, "a mirror that refuses us must not be passed by unseen")
    }
  }

  @Test(
    .enabled(if: Tool.areInstalled("unshare", "ip"), "unshare or ip is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a network namespace needs root"),
    arguments: MirrorSystem.all)
  func offline(system: MirrorSystem) async throws {
    try require(system)
    try await system.run { site in
      try expectHit(try await site.build(.kept), at: site)
      site.running.stop()
      let outcome = try await site.build(.kept, ["--offline"], isolated: true)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(site.results == (try site.goods.expected(.kept)))
    }
  }
}
