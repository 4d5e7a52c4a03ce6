import Foundation
import MirrorCore
import MirrorTesting
import Testing

/// Real apt-get with sources as a machine has them: suites at two hosts, two components, packages, sources
/// and descriptions, in a `.sources` file.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("apt-get", "dpkg-deb", "gpg"), "gpg is missing: Tests/run"))
struct AptSuitesTests {
  private static let description = """
    Package: mirror-one
    Description-md5: 0fe00bac3a4dc5b16fa19fa1a19ab2b5
    Description-en: a test
     that says more.


    """

  /// The index of a source package of one part.
  private static let sources = """
    Package: mirror-one
    Binary: mirror-one
    Version: \(SmallArchive.version)
    Format: 1.0
    Directory: pool/main/m/mirror-one
    Checksums-Sha256:
     a7b55b4cbb4f8ea8d8c5e6b0d4b9ebf3f5e9ac4a9df3e3aa5a0c1ca0a6b8ee1f 4 mirror-one_1.0-1.dsc


    """

  private static let fix = SmallArchive.path(
    of: "mirror-two", version: "2.0-1+deb12u1", component: "contrib")

  @Test(.enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `suites at two hosts are recorded whole, and repeat offline, byte for byte`() async throws {
    try await FaultServer.run { security in
      try await AptStage.run(packages: ["mirror-one"]) { stage in
        var main = stage.archive
        try await main.add(
          ["i18n/Translation-en": Self.description, "source/Sources": Self.sources],
          in: stage.folder)
        main.serve(on: stage.origin)
        let folder = "\(stage.folder)/security"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let fixes = try await SmallArchive(
          in: folder, suite: "stable-security", component: "contrib", packages: ["mirror-two"],
          version: "2.0-1+deb12u1", signedAs: main)
        fixes.serve(on: security, at: "/debian-security")

        let places = ["\(stage.origin.url)/debian", "\(security.url)/debian-security"]
        let stanzas = "\(main.stanza(at: places[0]))\n\(fixes.stanza(at: places[1]))"
        func run(
          _ name: String, _ options: [String] = [], isolated: Bool = false
        ) async throws -> AptRoot {
          let root = try AptRoot(
            at: "\(stage.folder)/\(name)", sources: [], stanzas: stanzas, language: "en")
          let script = AptStage.download.map { words in
            root.aptGet(words).map { "'\($0)'" }.joined(separator: " ")
          }
          let outcome = try await Tool.mirrorRun(
            options, ["sh", "-c", script.joined(separator: " && ")], in: stage.folder,
            isolated: isolated)
          #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
          return root
        }
        let first = try await run("first")
        let packages = try first.packages()
        #expect(packages.count == 2)
        let lock = Set(try stage.lock.split(separator: "\n").map { String($0) })
        func expectLine(
          _ archive: SmallArchive, _ place: String, _ path: String, _ facts: String
        ) throws {
          let bytes = try #require(archive.files[path])
          let sum = ContentHash.sha256(of: bytes).hex
          let name = path.replacing("+", with: "%2B")
          let line = "apt \(place)/\(name) sha256:\(sum) \(bytes.count) \(facts)"
          #expect(lock.contains(line.replacing("ROOT", with: "\(place)/")), "\(lock)")
        }
        try expectLine(
          main, places[0], SmallArchive.path(of: "mirror-one"),
          "architecture=all archive=ROOT component=main package=mirror-one release=stable version=1:1.0-1"
        )
        try expectLine(
          fixes, places[1], Self.fix,
          "architecture=all archive=ROOT component=contrib package=mirror-two release=stable-security version=2.0-1+deb12u1"
        )
        let isIndex = "archive=ROOT changes=yes component=main release=stable"
        for (name, facts) in [
          ("binary-amd64/Packages", "architecture=amd64 \(isIndex)"),
          ("i18n/Translation-en", isIndex), ("source/Sources", isIndex),
        ] {
          try expectLine(main, places[0], "dists/stable/main/\(name)", facts)
        }

        let second = try await run("second", ["--offline"], isolated: true)
        #expect(try second.packages() == packages)
        #expect(try second.indices() == first.indices())
      }
    }
  }
}
