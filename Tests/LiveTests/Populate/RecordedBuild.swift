import Foundation
import Testing

/// A build of one ecosystem's real tools, recorded once, and the commands that carry the record elsewhere.
struct RecordedBuild: Sendable {
  let goods: any Goods

  /// Records it, with nothing but the origin to ask.
  init(of goods: any Goods) async throws {
    self.goods = goods
    try await expectBuilt([])
  }

  /// Runs the build, which must leave what it left when it was recorded.
  func expectBuilt(_ options: [String], isolated: Bool = false) async throws {
    try? FileManager.default.removeItem(atPath: "\(goods.folder)/out")
    let outcome = try await Tool.mirrorRun(
      options, ["bash", "-ec", try goods.script(.kept)], in: goods.folder, isolated: isolated,
      environment: goods.environment)
    #expect(outcome.status == 0, "\(options): \(outcome.text)\(outcome.errors)")
    let results = (try? FolderContents("\(goods.folder)/out").files) ?? [:]
    #expect(results == (try goods.expected(.kept)), "\(options): \(outcome.errors)")
  }

  /// Runs a command of ours.
  func mirror(_ words: String...) async throws -> Tool.Outcome {
    try await Tool.run(
      [Tool.mirror] + words, in: goods.folder, environment: goods.environment)
  }

  /// Writes the configuration.
  func configure(_ text: String) throws {
    try text.write(toFile: "\(goods.folder)/mirror.conf", atomically: true, encoding: .utf8)
  }
}
