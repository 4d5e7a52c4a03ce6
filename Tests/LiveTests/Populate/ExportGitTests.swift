import Foundation
import MirrorTesting
import Testing

/// `mirror export --layout git`: repositories that plain git clones, from a folder and from nginx.
@Suite(
  .serialized, .enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"),
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct ExportGitTests {
  private static func clone(_ url: String) -> String {
    """
    rm -rf got && git clone -q '\(url)' got && cd got
    git fsck --strict --no-dangling 2>&1; git for-each-ref; git rev-parse HEAD; git status --short
    """
  }

  private func export(_ fixture: GitFixture) async throws -> Tool.Outcome {
    try await Tool.run(
      [Tool.mirror, "export", "--layout", "git", "tree"], in: fixture.folder,
      environment: fixture.environment)
  }

  @Test func `plain git clones what was recorded, after upstream moved on and vanished`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 40)
      let url = "https://git.example/acme/tool.git"
      let recorded = try await fixture.build([], Self.clone(url))
      #expect(recorded.status == 0, "\(recorded.errors)")
      // A commit that no ref leads to, asked for by its name.
      let lone = try await fixture.shell(
        """
        cd "$ROOT/acme/tool.git" && tree=$(git rev-parse 'main^{tree}')
        echo lone | git commit-tree $tree -p main
        """
      ).text.trimmingCharacters(in: .newlines)
      let fetched = try await fixture.build(
        [], "git init -q lone && cd lone && git fetch -q \(url) \(lone) && git rev-parse FETCH_HEAD"
      )
      #expect(fetched.text == "\(lone)\n", "\(fetched.errors)")

      try FileManager.default.removeItem(atPath: fixture.server.root)
      let exported = try await export(fixture)
      #expect(exported.status == 0, "\(exported.errors)")
      #expect(exported.errors.contains("1 folder and 0 files in tree"), "\(exported.errors)")
      let nginx = try await Nginx.serve("\(fixture.folder)/tree", in: fixture.folder)
      for root in ["file://\(fixture.folder)/tree", nginx.url] {
        let place = "\(root)/git.example/acme/tool.git"
        let direct = try await fixture.shell(Self.clone(place))
        #expect(direct.text == recorded.text, "\(root)")
        let byName = try await fixture.shell(
          "rm -rf lone && git init -q lone && cd lone && git fetch -q '\(place)' refs/mirror/\(lone) "
            + "&& git rev-parse FETCH_HEAD")
        #expect(byName.text == "\(lone)\n")
      }
      withExtendedLifetime(nginx) {}

      // Nothing of the store is borrowed, and nothing that stands there is written over.
      try FileManager.default.moveItem(
        atPath: "\(fixture.folder)/.mirror", toPath: "\(fixture.folder)/moved")
      let alone = try await fixture.shell(
        "git -C tree/git.example/acme/tool.git fsck --strict --full 2>&1")
      #expect(!alone.text.contains("missing"), "\(alone.text)")
      try FileManager.default.moveItem(
        atPath: "\(fixture.folder)/moved", toPath: "\(fixture.folder)/.mirror")
      let again = try await export(fixture)
      #expect(again.status == 25 && again.errors.contains("is there already"), "\(again.errors)")
    }
  }

  @Test func `writes nothing of a repository whose objects the store has lost`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 5)
      let url = "https://git.example/acme/tool.git"
      let recorded = try await fixture.build([], Self.clone(url))
      #expect(recorded.status == 0, "\(recorded.errors)")
      try FileManager.default.removeItem(atPath: "\(fixture.folder)/.mirror/git")
      let exported = try await export(fixture)
      #expect(exported.status == 26, "\(exported.errors)")
      #expect(exported.errors.contains("acme/tool: ") && exported.errors.contains("mirror pull"))
      #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/tree"))
    }
  }

  @Test func `writes no repository where one is damaged deep in its history`() async throws {
    try await GitFixture.run { fixture in
      for name in ["art", "tool"] {
        try await fixture.makeRepository("acme/\(name)", commits: 5)
        let clone = Self.clone("https://git.example/acme/\(name).git")
        let recorded = try await fixture.build([], clone)
        #expect(recorded.status == 0, "\(recorded.errors)")
      }
      // One blob of the first commit goes; the tips stay.
      try await fixture.shell(
        """
        name=$(printf https://git.example/acme/tool | sha256sum | cut -c 1-64)
        cd .mirror/git/${name:0:2}/$name/objects.git
        mv objects/pack ../packs && mkdir objects/pack
        for pack in ../packs/*.pack; do git unpack-objects -q < $pack; done
        blob=$(git -C "$ROOT/acme/tool.git" rev-parse main~4:dir1/f1)
        rm -f objects/${blob:0:2}/${blob:2}
        """)
      let exported = try await export(fixture)
      #expect(
        exported.status == 23 && exported.errors.contains("acme/tool: "), "\(exported.errors)")
      let left = try await fixture.shell("find tree -type f")
      #expect(left.text == "", "\(left.text)")
    }
  }
}
