import Foundation
import MirrorTesting
import Testing

/// Real apt in runs whose packages are held to versions, against an archive of the test's own.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg"), "gpg is missing: Tests/run"))
struct AptPinsTests {
  private static let install = ["install", "-y", "--download-only", "mirror-one", "mirror-two"]

  @Test func `a list becomes preferences, and what it lacks is said once`() async throws {
    try await AptStage.run { stage in
      try "mirror-one==1:1.0-1\nmirror-two-not==1\n"
        .write(toFile: "\(stage.folder)/versions-deb", atomically: true, encoding: .utf8)
      try stage.configure("[pins]\napt = versions-deb\n")
      let (outcome, root) = try await stage.run(
        [], "root", [["update"], ["policy", "mirror-one"], Self.install, Self.install])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try root.packages().count == 2)
      let policy = outcome.text.split(separator: "\n").first { $0.contains("1:1.0-1 999") }
      #expect(policy != nil, "\(outcome.text)")
      let said = outcome.errors.split(separator: "\n").filter { $0.contains("no version of") }
      #expect(said == ["mirror: apt-get: the pins have no version of mirror-two"])
    }
  }

  @Test func `a strict run stops before apt fetches anything`() async throws {
    try await AptStage.run { stage in
      try "mirror-one==1:1.0-1\n"
        .write(toFile: "\(stage.folder)/versions-deb", atomically: true, encoding: .utf8)
      try stage.configure("[pins]\napt = versions-deb\n")
      let (updated, _) = try await stage.run([], "root", [["update"]])
      #expect(updated.status == 0, "\(updated.errors)")
      let (outcome, root) = try await stage.run(["--strict"], "root", [Self.install])
      #expect(outcome.status == 20, "\(outcome.text)\(outcome.errors)")
      #expect(outcome.errors.contains("mirror-two") && !outcome.errors.contains("mirror-one"))
      #expect(try root.packages().isEmpty && stage.packagesAsked.isEmpty)
    }
  }

  @Test func `a lock holds packages to the versions that it has`() async throws {
    try await AptStage.run { stage in
      let one = ["install", "-y", "--download-only", "mirror-one"]
      let (recorded, _) = try await stage.run([], "one", [["update"], one])
      #expect(recorded.status == 0, "\(recorded.text)\(recorded.errors)")
      try stage.configure("[pins]\napt = lock\n")
      let (outcome, _) = try await stage.run(
        [], "two", [["update"], ["policy", "mirror-one"], Self.install])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(outcome.text.contains("1:1.0-1 999"), "\(outcome.text)")
      #expect(outcome.errors.contains("the pins have no version of mirror-two\n"))
    }
  }

  @Test func `a list that is not there, or of tools that take none, stops the run`() async throws {
    try await TemporaryFolder.with { folder in
      for (line, word) in [("apt = nowhere", "nowhere"), ("web = lock", "web")] {
        try "[pins]\n\(line)\n"
          .write(toFile: "\(folder)/mirror.conf", atomically: true, encoding: .utf8)
        let outcome = try await Tool.mirrorRun([], ["true"], in: folder)
        #expect(outcome.status == 25 && outcome.errors.contains(word), "\(outcome.errors)")
      }
    }
  }
}
