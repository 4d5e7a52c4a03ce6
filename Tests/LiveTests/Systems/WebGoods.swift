import Foundation
import MirrorTesting

/// Two files that wget and curl get.
struct WebGoods: Goods {
  let folder: String
  let origin: FaultServer

  static func run(_ body: @Sendable (WebGoods) async throws -> Void) async throws {
    try await FaultServer.run { origin in
      try await TemporaryFolder.with { folder in
        for thing in [Thing.kept, .other] {
          origin.script("/files/\(thing).bin", .file(bytes(of: thing.rawValue), etag: "v1"))
        }
        try await body(WebGoods(folder: folder, origin: origin))
      }
    }
  }

  var environment: [String: String] { Tool.environment(home: folder) }
  var wasAsked: Bool { !origin.requests.isEmpty }

  func url(of thing: Thing) -> String { "\(origin.url)/files/\(thing).bin" }

  /// The file's place in a tree by host and path.
  func path(of thing: Thing) -> String { "127.0.0.1:\(origin.port)/files/\(thing).bin" }

  func script(_ thing: Thing) -> String {
    "mkdir -p out; wget -q -P out \(url(of: thing)); curl -fsS -o out/again \(url(of: thing))"
  }

  func expected(_ thing: Thing) -> [String: Data] {
    let data = Data(bytes(of: thing.rawValue))
    return ["\(thing).bin": data, "again": data]
  }
}
