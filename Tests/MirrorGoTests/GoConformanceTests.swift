import MirrorGo
import MirrorTesting
import Testing

@Suite struct GoConformanceTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: [
        "example.com/m/@v/list", "example.com/m/@v/v1.0.0.zip", "sumdb/sum.example.test/supported",
      ],
      foreign: ["", "example.com/m", "example.com/m/@v/v1.0.0.tgz"],
      names: ["pkg:golang/example.com/m@v1.0.0"])
    #expect(await table.violations(of: GoResolver()) == [])
  }
}
