import Foundation
import MirrorCore
import MirrorTesting

/// Two large files of `https://git.example/acme/art`, which git-lfs gets by what stands for them in a commit.
struct LargeFileGoods: Goods {
  let fixture: GitFixture

  static func run(_ body: @Sendable (LargeFileGoods) async throws -> Void) async throws {
    try await GitFixture.run { fixture in
      let folder = URL(filePath: "\(fixture.server.root)/large")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for thing in [Thing.kept, .other] {
        try Data(bytes(of: thing.rawValue)).write(to: folder.appending(path: name(of: thing)))
      }
      try await body(LargeFileGoods(fixture: fixture))
    }
  }

  var folder: String { fixture.folder }
  var environment: [String: String] { fixture.environment }
  var wasAsked: Bool { !fixture.server.log.isEmpty }

  /// The SHA-256 that is a file's name.
  static func name(of thing: Thing) -> String {
    ContentHash.sha256(of: bytes(of: thing.rawValue)).hex
  }

  func script(_ thing: Thing) -> String {
    """
    rm -rf work; mkdir -p out
    git init -q work && cd work
    git remote add origin https://git.example/acme/art.git
    printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize %s\\n' \
      \(Self.name(of: thing)) \(bytes(of: thing.rawValue).count) > pointer
    git -c lfs.transfer.maxretries=1 lfs smudge < pointer > file
    mv file ../out/file
    """
  }

  func expected(_ thing: Thing) -> [String: Data] { ["file": Data(bytes(of: thing.rawValue))] }
}
