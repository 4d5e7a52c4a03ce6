import Foundation
import MirrorTesting
import Testing

/// A repository manager that dresses its upstream's outage as a miss.
@Suite(.serialized) struct AssumedOfflineTests {
  private func run(
    canary: String?,
    _ body: @Sendable (ArtifactoryStub, WebGoods) async throws -> Void
  ) async throws {
    try await WebGoods.run { goods in
      try await FaultServer.run { server in
        let stub = ArtifactoryStub(on: server)
        stub.hold("probe/canary.txt", Array("alive\n".utf8), isCached: false)
        var text = try SystemPage("Artifactory.md").configuration(
          of: "artifactory-generic", places: ["https://acme.example": server.url], hasLogin: false)
        if canary == nil { text = text.replacing("canary = probe/canary.txt\n", with: "") }
        try (text + "[policy]\ntime-limit = 5\n")
          .write(toFile: "\(goods.folder)/mirror.conf", atomically: true, encoding: .utf8)
        try await body(stub, goods)
      }
    }
  }

  private func outcome(
    _ goods: WebGoods, _ options: [String] = []
  ) async throws -> (
    Tool.Outcome, String
  ) {
    let outcome = try await Tool.mirrorRun(
      options, ["curl", "-fsS", "-o", "got", goods.url(of: .other)], in: goods.folder)
    let ledger = try String(
      contentsOfFile: "\(goods.folder)/.mirror/runs/last/ledger.jsonl", encoding: .utf8)
    return (outcome, ledger)
  }

  @Test func `a 404 is an outage while the canary is gone, and a gatekeeper's outage stops`()
    async throws
  {
    try await run(canary: "probe/canary.txt") { stub, goods in
      let (honest, miss) = try await outcome(goods)
      #expect(honest.status == 0 && miss.contains("\"outcome\":\"miss\""), "\(honest.errors)")

      stub.isAssumedOffline = true
      let other = ["--store", "other", "--lock", "other.lock"]
      let words = other
      let path = "\(goods.folder)/mirror.conf"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("canary = ", with: "mode = gatekeeper\ncanary = ")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let stopped = try await Tool.mirrorRun(
        words, ["curl", "-fsS", "-o", "again", goods.url(of: .other)], in: goods.folder)
      #expect(stopped.status != 0)
      #expect(
        stopped.errors.contains("canary") && stopped.errors.contains("prove nothing"),
        "\(stopped.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(goods.folder)/again"))
    }
  }

  @Test func `without a canary the outage passes for a miss`() async throws {
    try await run(canary: nil) { stub, goods in
      stub.isAssumedOffline = true
      let (outcome, ledger) = try await outcome(goods)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(ledger.contains("\"outcome\":\"miss\""))
    }
  }
}
