import Foundation
import GoFixtures
import MirrorCore
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
    [Self.fileName(of: thing): Data(Self.wheel(of: thing))]
  }

  static func fileName(of thing: Thing) -> String { "\(thing)-1.0-py3-none-any.whl" }

  static func metadata(of thing: Thing) -> String {
    "Metadata-Version: 2.1\nName: \(thing)\nVersion: 1.0\nSummary: a test\n"
  }

  static func wheel(of thing: Thing) -> [UInt8] {
    let info = "\(thing)-1.0.dist-info"
    return ZipWriter([
      ZipWriter.File("\(thing)/__init__.py", "NAME = '\(thing)'\n"),
      ZipWriter.File("\(info)/METADATA", metadata(of: thing)),
      ZipWriter.File(
        "\(info)/WHEEL",
        "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
      ZipWriter.File("\(info)/RECORD", "\(thing)/__init__.py,,\n\(info)/METADATA,,\n"),
    ]).archive
  }

  static func sha256(of thing: Thing) -> String { ContentHash.sha256(of: wheel(of: thing)).hex }

  /// A page as PEP 503 has it.
  static func page(of thing: Thing, files: String) -> String {
    let name = fileName(of: thing)
    return """
      <!DOCTYPE html><html><body>
      <a href="\(files)\(name)#sha256=\(sha256(of: thing))">\(name)</a>
      </body></html>

      """
  }

  /// Lays an index of these at `/simple/`.
  private func lay(_ things: [Thing], on server: FaultServer) {
    let links = things.map { "<a href=\"\($0)/\">\($0)</a>\n" }.joined()
    server.script("/simple/", .html("<!DOCTYPE html><html><body>\n\(links)</body></html>\n"))
    for thing in things {
      server.script("/simple/\(thing)/", .html(Self.page(of: thing, files: "../../files/")))
      server.script("/files/\(Self.fileName(of: thing))", .file(Self.wheel(of: thing)))
    }
  }
}
