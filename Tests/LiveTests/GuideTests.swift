import Foundation
import MirrorTesting
import Testing

/// Every command of the guide's pages, in the order in which they stand there.
///
/// Each page's `sh` blocks are one script in an empty folder. Its hosts below `example` are played by one
/// loopback server, which the environment names as HTTP proxy: `files.acme.example` is an upstream, and
/// `store.acme.example` keeps what is put there.
@Suite(.serialized, .enabled(if: Tool.areInstalled("wget"), "wget is missing: Tests/run"))
struct GuideTests {
  private static let documentation =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/Documentation"

  /// The `sh` blocks of a page.
  static func blocks(of page: String) -> [String] {
    var blocks: [String] = []
    var block: [Substring]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```sh" {
        block = []
      } else if line == "```", let lines = block {
        blocks.append(lines.joined(separator: "\n"))
        block = nil
      } else {
        block?.append(line)
      }
    }
    return blocks
  }

  @Test(arguments: ["Populate.md", "Recipes.md"])
  func `every command of the page succeeds`(page: String) async throws {
    let text = try String(contentsOfFile: "\(Self.documentation)/\(page)", encoding: .utf8)
    let blocks = Self.blocks(of: text)
    try #require(blocks.count > 2)
    let store = UploadServer()
    try await FaultServer.run { server in
      server.allowProxying()
      for version in ["1.1", "1.2"] {
        server.script(
          "http://files.acme.example/tool-\(version).tgz", .file(Array("\(version)\n".utf8)))
      }
      server.setDefault(
        .choosing { request in
          let isStore = request.target.hasPrefix("http://store.acme.example/")
          return isStore ? store.answer : .status(404)
        })
      try await TemporaryFolder.with { folder in
        var environment = Tool.environment(home: folder)
        for name in environment.keys where name.lowercased().hasSuffix("_proxy") {
          environment[name] = nil
        }
        environment["http_proxy"] = server.url
        environment["PATH"] = "\(Tool.products):\(environment["PATH"] ?? "/usr/bin:/bin")"
        let script = blocks.joined(separator: "\n")
        let outcome = try await Tool.run(
          ["bash", "-euxc", script], in: folder, environment: environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
  }
}
