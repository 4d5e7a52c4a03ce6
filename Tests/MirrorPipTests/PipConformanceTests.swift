import MirrorPip
import MirrorTesting
import Testing

@Suite struct PipConformanceTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: ["simple/demo/", "simple/A_b.C"],
      foreign: ["", "simple", "simple/a/b/c", "file/x/y"],
      names: ["pkg:pypi/Demo@1.0?file_name=demo-1.0-py3-none-any.whl"])
    #expect(await table.violations(of: PipResolver()) == [])
  }
}
