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
}
