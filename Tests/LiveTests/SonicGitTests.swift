import Foundation
import MirrorTesting
import Testing

/// Real git behind hooks in the shape of SONiC's: what the lock says is what every clone gives.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct SonicGitTests {
  @Test(arguments: [
    "git clone -q U got", "git clone -q --depth 1 U got",
    "git clone -q --depth=1 --branch=main U got",
    "git clone -q -b main -- U got", "git -C . clone -q U got",
    "git clone -q https://git.example/acme/lib got",
  ])
  func `gives the recorded commit after upstream moved`(form: String) async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/lib", commits: 5)
      let site = try await SonicSite(in: "\(fixture.folder)/site")
      let clone = form.replacing("U", with: "https://git.example/acme/lib.git")
      let command = "\(clone) && git -C got rev-parse HEAD && git -C got config remote.origin.url"
      let first = try await site.build(command, in: "first", environment: fixture.environment)
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        first.text.hasSuffix(".example/acme/lib.git\n") || first.text.hasSuffix("/acme/lib\n"))
      let moved = try await fixture.shell(
        """
        git clone -q "$ROOT/acme/lib.git" ../mover && cd ../mover
        git commit -q --allow-empty -m moved && git push -q origin HEAD:main && git rev-parse HEAD
        """)
      let locked = try await site.build(
        command, ["--locked"], in: "second", environment: fixture.environment)
      #expect(locked.status == 0, "\(locked.errors)")
      #expect(locked.text == first.text)
      #expect(!locked.text.contains(moved.text))
      #expect(site.hooksCalled == "")
    }
  }

  @Test func `a submodule stays at its recorded commit`() async throws {
    try await GitFixture.run { fixture in
      for name in ["lib", "top"] { try await fixture.makeRepository("acme/\(name)", commits: 3) }
      try await fixture.shell(
        """
        git clone -q "$ROOT/acme/top.git" ../nest && cd ../nest
        git submodule -q add https://git.example/acme/lib.git lib
        git commit -qm sub && git push -q origin HEAD
        """)
      let site = try await SonicSite(in: "\(fixture.folder)/site")
      let command = """
        git clone -q --recurse-submodules https://git.example/acme/top.git got
        git -C got submodule status
        """
      let first = try await site.build(command, in: "first", environment: fixture.environment)
      #expect(first.status == 0 && first.text.hasPrefix(" "), "\(first.errors)")
      try await fixture.shell(
        """
        cd ../nest/lib && git commit -q --allow-empty -m moved && git push -q "$ROOT/acme/lib.git" HEAD:main
        cd .. && git commit -qam moved && git push -q origin HEAD
        """)
      let locked = try await site.build(
        command, ["--locked"], in: "second", environment: fixture.environment)
      #expect(locked.text == first.text, "\(locked.errors)")
    }
  }

  /// A repository whose `main` is at its fifth commit, and a list that says its third.
  private func withList(
    _ body: @Sendable (GitFixture, SonicSite, _ commit: String) async throws -> Void
  ) async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/lib", commits: 5)
      let commit = try await fixture.shell("git -C \"$ROOT/acme/lib.git\" rev-parse main~2").text
        .trimmingCharacters(in: .newlines)
      let list = "https://git.example/acme/lib.git==\(commit)\n"
      let site = try await SonicSite(
        in: "\(fixture.folder)/site", versions: ["versions-git": list])
      try await body(fixture, site, commit)
    }
  }

  @Test(arguments: [
    "git clone -q U got", "git clone -q --depth 1 U got", "git clone -q --branch=main U got",
    "git -C . clone -q -b main -- U got", "git clone -q https://git.example/acme/lib got",
  ])
  func `gives the commit of versions-git without a record`(form: String) async throws {
    try await withList { fixture, site, commit in
      let clone = form.replacing("U", with: "https://git.example/acme/lib.git")
      let command = "\(clone) && git -C got rev-parse HEAD && git -C got status --porcelain"
      let versions = "\(site.root)/versions"
      let first = try await site.build(
        command, in: "first", versions: versions, environment: fixture.environment)
      #expect(first.status == 0 && first.text == "\(commit)\n", "\(first.errors)")
      let again = try await site.build(
        command, ["--offline"], in: "second", versions: versions, environment: fixture.environment)
      #expect(again.status == 0 && again.text == "\(commit)\n", "\(again.errors)")
      #expect(site.hooksCalled == "")
    }
  }

  @Test func `versions-git goes into lock and store, and comes out the same`() async throws {
    try await withList { fixture, site, commit in
      func sonic(_ words: String...) async throws -> Tool.Outcome {
        try await Tool.run(
          [SonicSite.program] + words, in: site.folder, environment: fixture.environment)
      }
      let store = ["--store", "\(site.folder)/store", "--lock", "\(site.folder)/mirror.lock"]
      let first = try await sonic(
        "versions", "import", store[0], store[1], "--versions", site.root + "/versions")
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.errors.contains("1 of 1 repositories in mirror.lock"))
      let clone = "git clone -q https://git.example/acme/lib.git got && git -C got rev-parse HEAD"
      let offline = try await site.build(
        clone, ["--offline"], in: "work", environment: fixture.environment)
      #expect(offline.status == 0 && offline.text == "\(commit)\n", "\(offline.errors)")

      try FileManager.default.createDirectory(
        atPath: "\(site.folder)/out", withIntermediateDirectories: true)
      try "amd64:debian:bookworm==sha256:00\n".write(
        toFile: "\(site.folder)/out/versions-docker", atomically: true, encoding: .utf8)
      let export = try await sonic("versions", "export", store[0], store[1], "--out", "out")
      #expect(export.status == 0, "\(export.errors)")
      #expect(site.text("out/versions-git") == site.text("buildinfo/versions/versions-git"))
      #expect(site.text("out/versions-docker") == "amd64:debian:bookworm==sha256:00\n")

      let list = "\(site.root)/versions/versions-git"
      try "https://git.example/acme/lib.git==\(String(repeating: "0", count: 39))1\n".write(
        toFile: list, atomically: true, encoding: .utf8)
      let gone = try await sonic(
        "versions", "import", "--versions", site.root + "/versions", "--store", "other", "--lock",
        "other.lock")
      #expect(gone.status == 10 && gone.errors.contains("acme/lib@0000"), "\(gone.errors)")
      #expect(!site.text("other.lock").contains("acme/lib"))
    }
  }
}
