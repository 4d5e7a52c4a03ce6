import MirrorGit
import MirrorTesting
import Testing

@Suite struct GitConformanceTests {
  @Test func `does all that a gateway relies on`() async {
    let table = ResolverConformance(
      paths: ["https/git.example/a/b.git/info/refs?service=git-upload-pack"],
      foreign: ["", "https", "https/git.example/b.git/HEAD"],
      names: ["https://git.example/a/b.git", "git+https://git.example/a/b"])
    #expect(await table.violations(of: GitResolver()) == [])
  }
}
