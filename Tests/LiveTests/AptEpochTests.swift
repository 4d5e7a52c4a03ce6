import Foundation
import MirrorTesting
import Testing

/// Versions with an epoch, which the names of files in an archive lack.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg", "wget"), "gpg is missing: Tests/run"))
struct AptEpochTests {
  private static let one = SmallArchive.path(of: "mirror-one")
  private static let purl = "pkg:deb/debian/mirror-one"

  private func fetch(
    _ name: String, in stage: AptStage, _ options: [String] = [], configuration: String? = nil
  ) async throws -> (Tool.Outcome, [UInt8]?) {
    let file = "\(stage.folder)/fetched.deb"
    try? FileManager.default.removeItem(atPath: file)
    var environment = Tool.environment(home: stage.folder)
    if let configuration { environment["APT_CONFIG"] = configuration }
    let outcome = try await Tool.run(
      [Tool.mirror, "fetch", "-o", file] + options + [name], in: stage.folder,
      environment: environment)
    return (outcome, FileManager.default.contents(atPath: file).map { [UInt8]($0) })
  }

  @Test(arguments: ["1:1.0-1", "1%3A1.0-1"])
  func `a package is fetched by its whole version, from apt's indices and from the lock`(
    version: String
  ) async throws {
    try await AptStage.run { stage in
      let bytes = stage.archive.files[Self.one]
      let (updated, root) = try await stage.run([], "root", [["update"]])
      #expect(updated.status == 0, "\(updated.errors)")
      // The user's own apt, for once, is that of the root.
      let configuration = "\(stage.folder)/own.conf"
      try """
      Dir "\(root.path)";
      Dir::State::status "\(root.path)/var/lib/dpkg/status";
      APT::Architecture "amd64";
      APT::Architectures { "amd64"; };
      """.write(toFile: configuration, atomically: true, encoding: .utf8)
      let name = "\(Self.purl)@\(version)?arch=all"
      let (byIndex, one) = try await fetch(name, in: stage, configuration: configuration)
      #expect(byIndex.status == 0 && one == bytes, "\(byIndex.errors)")

      let (recorded, _) = try await stage.run([], "root", AptStage.download)
      #expect(recorded.status == 0, "\(recorded.errors)")
      let (byLock, two) = try await fetch(name, in: stage, ["--offline"])
      #expect(byLock.status == 0 && two == bytes, "\(byLock.errors)")

      for other in ["1.0-1", "2:1.0-1"] {
        let (refused, _) = try await fetch(
          "\(Self.purl)@\(other)?arch=all", in: stage, configuration: configuration)
        #expect(refused.status == 25 && refused.errors.contains("apt-get update"))
      }
    }
  }

  @Test func `a package that was asked for by its URL has its epoch in the lock and in pins`()
    async throws
  {
    try await AptStage.run { stage in
      let url = "\(stage.origin.url)/debian/\(Self.one)"
      let recorded = try await Tool.mirrorRun([], ["wget", "-q", url], in: stage.folder)
      #expect(recorded.status == 0, "\(recorded.errors)")
      let line = try #require(
        try stage.lock.split(separator: "\n").first { $0.hasPrefix("apt \(url) ") })
      #expect(line.contains(" version=1:1.0-1"), "\(line)")

      // Another record of the same keeps it.
      _ = try await Tool.mirrorRun([], ["wget", "-q", "-O", "again", url], in: stage.folder)
      #expect(try stage.lock.contains(line))

      try stage.configure("[pins]\napt = lock\n")
      let (outcome, _) = try await stage.run(
        [], "root", [["update"], ["policy", "mirror-one"]])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(outcome.text.contains("1:1.0-1 999"), "\(outcome.text)")
    }
  }

  @Test func `files that have the epoch in their names are those packages, by whatever way`()
    async throws
  {
    try await AptStage.run { stage in
      var flat = stage.archive
      try await flat.flatten(in: stage.folder, epoch: "1%3a")
      flat.serve(on: stage.origin)
      let bytes = try #require(flat.files["mirror-one_1%3a1.0-1_all.deb"])
      let url = "\(stage.origin.url)/debian/mirror-one_1%253a1.0-1_all.deb"
      let source = flat.flatSource(on: stage.origin)
      let (outcome, root) = try await stage.run([], "root", AptStage.download, source: source)
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
      #expect(try root.packages().count == 2)
      let line = try #require(
        try stage.lock.split(separator: "\n").first { $0.hasPrefix("apt \(url) ") })
      #expect(line.contains(" package=mirror-one ") && line.contains(" version=1:1.0-1"))
      let (again, two) = try await stage.run(
        ["--offline"], "two", AptStage.download, source: source)
      #expect(again.status == 0, "\(again.text)\(again.errors)")
      #expect(try two.packages() == root.packages())
      let (fetched, file) = try await fetch(
        "\(Self.purl)@1:1.0-1?arch=all", in: stage, ["--offline"])
      #expect(fetched.status == 0 && file == bytes, "\(fetched.errors)")
    }
  }
}
