import Foundation
import MirrorTesting

/// Two wheels that pip downloads.
struct PipGoods: Goods {
  let folder: String
  let origin: FaultServer
  /// An index that lacks what the mirror is to lack, for mirrors that pull.
  let upstream: FaultServer

  static func run(_ body: @Sendable (PipGoods) async throws -> Void) async throws {
    try await FaultServer.run { origin in
      try await FaultServer.run { upstream in
        try await TemporaryFolder.with { folder in
          let goods = PipGoods(folder: folder, origin: origin, upstream: upstream)
          goods.lay([.kept, .other], on: origin)
          goods.lay([.kept], on: upstream)
          try await body(goods)
        }
      }
    }
  }

  var environment: [String: String] {
    var environment = Tool.environment(home: folder).filter { !$0.key.hasPrefix("PIP_") }
    environment["PIP_CONFIG_FILE"] = "/dev/null"
    environment["PIP_INDEX_URL"] = "\(origin.url)/simple/"
    return environment
  }
  var wasAsked: Bool { !origin.requests.isEmpty }

  func script(_ thing: Thing) -> String {
    "pip download -q --disable-pip-version-check --no-deps --retries 0 -d out \(thing)==1.0"
  }

  func expected(_ thing: Thing) -> [String: Data] {
    [Wheel(thing).fileName: Data(Wheel(thing).archive)]
  }

  /// Lays an index of these at `/simple/`.
  private func lay(_ things: [Thing], on server: FaultServer) {
    let links = things.map { "<a href=\"\($0)/\">\($0)</a>\n" }.joined()
    server.script("/simple/", .html("<!DOCTYPE html><html><body>\n\(links)</body></html>\n"))
    for thing in things {
      let wheel = Wheel(thing)
      server.script("/simple/\(thing)/", .html(wheel.page(files: "../../files/")))
      server.script("/files/\(wheel.fileName)", .file(wheel.archive))
    }
  }
}
