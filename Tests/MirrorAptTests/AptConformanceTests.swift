import MirrorApt
import MirrorTesting
import Testing

@Suite struct AptConformanceTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: [
        "https/archive.example/debian/pool/main/h/hello/hello_1_amd64.deb",
        "http/archive.example/debian/dists/stable/InRelease",
      ],
      foreign: ["", "get", "ftp/archive.example/a.deb"],
      names: ["https://archive.example/debian/pool/main/h/hello/hello_1_amd64.deb"])
    #expect(await table.violations(of: AptResolver()) == [])
  }
}
