import Foundation
import MirrorTesting

/// Two repositories, known to git as `https://git.example/acme/…`.
struct GitGoods: Goods {
  let fixture: GitFixture
  private let commits: [Thing: String]

  static func run(_ body: @Sendable (GitGoods) async throws -> Void) async throws {
    try await GitFixture.run { fixture in
      var commits: [Thing: String] = [:]
      for thing in [Thing.kept, .other] {
        try await fixture.makeRepository("acme/\(thing)", commits: 5)
        let head = try await fixture.shell("git -C \"$ROOT/acme/\(thing).git\" rev-parse HEAD")
        commits[thing] = head.text
      }
      try await body(GitGoods(fixture: fixture, commits: commits))
    }
  }

  var folder: String { fixture.folder }
  var environment: [String: String] { fixture.environment }
  var wasAsked: Bool { !fixture.server.log.isEmpty }

  /// Copies the repository that a mirror keeps.
  func copy(to path: String) async throws {
    try await fixture.shell(
      """
      mkdir -p "$(dirname '\(path)')"
      git clone -q --mirror "$ROOT/acme/kept.git" '\(path)'
      git -C '\(path)' update-server-info
      """)
  }

  func script(_ thing: Thing) -> String {
    """
    rm -rf work; mkdir -p out
    git clone -q https://git.example/acme/\(thing).git work
    git -C work fsck --strict
    git -C work rev-parse HEAD > out/head
    """
  }

  func expected(_ thing: Thing) -> [String: Data] {
    ["head": Data((commits[thing] ?? "").utf8)]
  }
}
