import Foundation
import GoFixtures
import MirrorTesting

/// Two Go modules.
struct GoGoods: Goods {
  let folder: String
  let origin: FaultServer

  static func run(_ body: @Sendable (GoGoods) async throws -> Void) async throws {
    try await FaultServer.run { origin in
      try await TemporaryFolder.with { folder in
        origin.setDefault(GoModuleTree([module(.kept), module(.other)]).answer(below: "/proxy/"))
        try "module example.test/app\n\ngo 1.17\n"
          .write(toFile: "\(folder)/go.mod", atomically: true, encoding: .utf8)
        try await body(GoGoods(folder: folder, origin: origin))
      }
    }
  }

  var environment: [String: String] {
    Tool.environment(home: folder).filter { !$0.key.hasPrefix("GO") }.merging([
      "PWD": folder, "GOPROXY": "\(origin.url)/proxy", "GOTOOLCHAIN": "local", "GOSUMDB": "off",
      "GOFLAGS": "-mod=mod", "GOCACHE": "\(Tool.products)/live-go-cache",
    ]) { $1 }
  }
  var wasAsked: Bool { !origin.requests.isEmpty }

  static func module(_ thing: Thing) -> GoModule {
    // A capital letter, which has a spelling of its own in the protocol.
    GoModule("example.test/Acme/\(thing)", "v1.0.0", files: ["a.go": "package \(thing)\n"])
  }

  /// The tree of the module that a mirror keeps.
  static var tree: [String: [UInt8]] { GoModuleTree([module(.kept)]).files }

  /// Writes it below a folder.
  static func write(to folder: String) throws {
    for (path, bytes) in tree {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  func script(_ thing: Thing) -> String {
    """
    go mod download -json example.test/Acme/\(thing)@v1.0.0 >&2
    mkdir -p out
    cp "$(go env GOMODCACHE)/cache/download/example.test/!acme/\(thing)/@v/v1.0.0.zip" out/
    """
  }

  func expected(_ thing: Thing) -> [String: Data] {
    ["v1.0.0.zip": Data(Self.module(thing).zip)]
  }
}
