import MirrorCore
import MirrorGit
import Testing

/// `versions-git`: URL==COMMIT.
@Suite struct GitPinsTests {
  private static let commit = "6708d95ec6d819098093cd57c746636a5bb9a4ea"
  private let text = """
    https://git.example/acme/tool.git==6708d95ec6d819098093cd57c746636a5bb9a4ea
    https://git.example/acme/tool-extra==49f7822961f5bc6b18cd2a2d3f3b8d2ab0896d3f
    not a line
    https://git.example/acme/short==6708d95
    """

  @Test(arguments: ["tool", "tool.git", "tool/", "tool.git/"])
  func `finds a repository with or without .git and a slash`(name: String) {
    let request = GitResolver(pins: GitPins(text)).request(
      naming: "git+https://git.example/acme/\(name)")
    #expect(request?.attributes["commit"] == Self.commit)
  }

  @Test(arguments: ["too", "tool.gitx", "Tool", "tool/sub", "short"])
  func `finds nothing by a part of a name`(name: String) {
    let request = GitResolver(pins: GitPins(text)).request(
      naming: "git+https://git.example/acme/\(name)")
    #expect(request != nil && request?.attributes["commit"] == nil)
  }

  @Test func `makes lines of a lock whose digests need no network`() {
    let entries = GitPins(text).lockEntries
    #expect(
      entries.map(\.identity) == [
        "https://git.example/acme/tool", "https://git.example/acme/tool-extra",
      ])
    let refs = "ref: refs/heads/main\tHEAD\n\(Self.commit)\tHEAD\n\(Self.commit)\trefs/heads/main\n"
    #expect(entries[0].bytes?.digest == ContentHash.sha256(of: refs.utf8))
    #expect(entries[0].attributes == ["commit": Self.commit] && entries[0].changes)
  }
}
