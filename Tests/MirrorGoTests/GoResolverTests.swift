import MirrorCore
import MirrorGo
import Testing

@Suite struct GoResolverTests {
  @Test func `goes by the word that configuration and lock use`() {
    #expect(Ecosystem.go.rawValue == "go")
  }
}
