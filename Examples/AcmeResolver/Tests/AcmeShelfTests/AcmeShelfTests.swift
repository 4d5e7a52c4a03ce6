import AcmeShelf
import MirrorCore
import MirrorTesting
import Testing

@Suite struct AcmeShelfTests {
  private func request(_ name: String) throws -> Request {
    Request(
      ecosystem: Ecosystem(rawValue: "web"), identity: "https://files.example/\(name)",
      package: PackageURL(type: "generic", name: name),
      origin: try #require(Locator("https://files.example/\(name)")))
  }

  @Test func `the shelf does all that a chain relies on`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("web/tool.tgz/tool.tgz", "0123456789")
    let table = ChainConformance(
      held: try request("tool.tgz"), bytes: "0123456789".utf8, lacking: try request("other.tgz"))
    #expect(await table.violations(of: AcmeShelf(at: folder.path)) == [])
  }
}
