import MirrorApt
import MirrorCore
import Testing

@Suite struct AptResolverTests {
  @Test func `goes by the word that configuration and lock use`() {
    #expect(Ecosystem.apt.rawValue == "apt")
  }
}
