import MirrorTesting
import MirrorWeb
import Testing

@Suite struct WebConformanceTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: [],
      foreign: ["", "a/b/c"],
      names: ["https://files.example/a.tgz", "pkg:generic/a?download_url=https://files.example/a"])
    #expect(await table.violations(of: WebResolver()) == [])
  }
}
