import MirrorCore
import MirrorGit
import Testing

@Suite struct GitResolverTests {
  @Test func `goes by the word that configuration and lock use`() {
    #expect(Ecosystem.git.rawValue == "git")
  }
}
