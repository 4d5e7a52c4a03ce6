import Foundation
import MirrorTesting

extension MirrorSystem {
  /// Repository managers, of which there are stubs alone: no server of either is to be had here.
  static let managers: [MirrorSystem] = [
    artifactory("Debian") { (stub, goods: AptGoods) in
      stub.holdDebian("debian-remote", goods.kept.files)
    },
    artifactory("PyPI") { (stub, _: PipGoods) in
      stub.holdPython(
        "pypi-remote", project: "kept", fileName: Wheel(.kept).fileName,
        Wheel(.kept).archive)
    },
    artifactory("Go") { (stub, _: GoGoods) in
      stub.holdModules("go-remote", GoGoods.tree)
    },
    artifactory("generic") { (stub, goods: WebGoods) in
      stub.hold("probe/canary.txt", Array("alive\n".utf8), isCached: false)
      stub.hold("web-local/\(goods.path(of: .kept))", bytes(of: Thing.kept.rawValue))
    },
    artifactory("LFS", needs: ["git", "git-lfs"]) { (stub, _: LargeFileGoods) in
      stub.holdLargeFile("lfs-local", bytes(of: Thing.kept.rawValue))
    },
    nexus("APT") { (stub, goods: AptGoods) in
      for (path, bytes) in goods.kept.files { stub.hold("debian", path, bytes) }
    },
    nexus("PyPI") { (stub, _: PipGoods) in
      stub.holdPython(
        "pypi", project: "kept", version: "1.0", fileName: Wheel(.kept).fileName,
        Wheel(.kept).archive)
    },
    nexus("Go") { (stub, _: GoGoods) in
      for (path, bytes) in GoGoods.tree { stub.hold("go", path, bytes) }
    },
    nexus("raw") { (stub, goods: WebGoods) in
      stub.hold("web", goods.path(of: .kept), bytes(of: Thing.kept.rawValue))
    },
  ]

  private static func artifactory<G: Goods>(
    _ kind: String, needs programs: [String] = [],
    _ fill: @escaping @Sendable (ArtifactoryStub, G) -> Void
  ) -> MirrorSystem {
    MirrorSystem(
      "Artifactory \(kind)", page: "Artifactory.md", mirror: "artifactory-\(kind.lowercased())",
      needs: programs
    ) { (goods: G, login, body) in
      try await FaultServer.run { server in
        let stub = ArtifactoryStub(on: server, login: login)
        fill(stub, goods)
        try await body(
          RunningSystem(places: ["https://acme.example": server.url], stop: { stub.stop() }))
      }
    }
  }

  private static func nexus<G: Goods>(
    _ kind: String, _ fill: @escaping @Sendable (NexusStub, G) -> Void
  ) -> MirrorSystem {
    MirrorSystem(
      "Nexus \(kind)", page: "Nexus.md", mirror: "nexus-\(kind.lowercased())", needs: []
    ) { (goods: G, login, body) in
      try await FaultServer.run { server in
        let stub = NexusStub(on: server, login: login)
        fill(stub, goods)
        try await body(
          RunningSystem(places: ["https://nexus.acme.example": server.url], stop: { stub.stop() }))
      }
    }
  }
}
