import Foundation
import MirrorTesting
import Testing

/// `mirror push` for what is not plain files: a mirror in the ecosystem's own layout, filled and built from.
@Suite(
  .serialized, .enabled(if: PeerServer.areInstalled(["nginx"]), "nginx is missing: Tests/run"),
  .enabled(
    if: Tool.areInstalled("pip", "apt-get", "dpkg-deb", "gpg", "go", "git"),
    "pip, apt-get, gpg, go or git is missing: Tests/run"))
struct PushTreeTests {
  /// Runs a body with a recorded build, and an empty nginx that takes uploads as the mirror `acme` of its chain.
  private func run(
    _ kind: GoodsKind, layout: String? = nil,
    _ body: @Sendable (RecordedBuild) async throws -> Void
  ) async throws {
    try await kind.run { goods in
      let build = try await RecordedBuild(of: goods)
      let nginx = try await Nginx.start(
        in: goods.folder,
        """
        root \(goods.folder)/dav; client_max_body_size 0;
        location / { dav_methods PUT; create_full_put_path on; }
        """)
      try build.configure(
        """
        [mirror acme]
        url = \(nginx.url)/tree
        \(layout.map { "layout = \($0)" } ?? "")
        [chain \(kind.name)]
        sources = store, acme

        """)
      try await body(build)
      withExtendedLifetime(nginx) {}
    }
  }

  @Test(arguments: [GoodsKind.go, .apt])
  func `fills a tree that the ecosystem's tools are then served from alone`(
    kind: GoodsKind
  )
    async throws
  {
    try await run(kind) { build in
      let pushed = try await build.mirror("push", "acme")
      #expect(pushed.status == 0 && pushed.errors.contains("; 0 were there"), "\(pushed.errors)")
      // Recorded anew, without a lock that says what the bytes must be.
      try await build.expectBuilt(["--store", "another", "--lock", "another.lock"])
      let locks = try ["mirror.lock", "another.lock"].map {
        try String(contentsOfFile: "\(build.goods.folder)/\($0)", encoding: .utf8)
      }
      #expect(locks[0] == locks[1])
    }
  }

  @Test(arguments: ["sha256", "{name}/{file}"])
  func `fills a mirror with pip's files by a layout`(layout: String) async throws {
    try await run(.pip, layout: layout) { build in
      let pushed = try await build.mirror("push", "acme")
      #expect(pushed.status == 0 && pushed.errors.contains("; 0 were there"), "\(pushed.errors)")
      let pulled = try await build.mirror("pull", "--store", "fresh")
      #expect(pulled.status == 0 && pulled.errors.contains(" from acme"), "\(pulled.errors)")
      try await build.expectBuilt(["--offline", "--store", "fresh"])
    }
  }

  @Test(arguments: [GoodsKind.pip, .git])
  func `says of what has no place that its mirror's own tools fill it`(kind: GoodsKind) async throws
  {
    try await run(kind) { build in
      let pushed = try await build.mirror("push", "acme")
      #expect(pushed.status == 25, "\(pushed.errors)")
      #expect(pushed.errors.contains("acme: 0 uploaded"), "\(pushed.errors)")
      #expect(
        pushed.errors.contains("acme has no place for it that an upload could fill"),
        "\(pushed.errors)")
    }
  }
}
