import MirrorCommand
import MirrorCore
import MirrorSonic
import StockEcosystems

#if Git
  import MirrorGit
#endif

// What versions-web lists is a plain URL or a file of an archive; versions-git lists repositories.
let pins = VersionPins()
let resolvers = StockEcosystems.resolvers.map { resolver -> any Resolver in
  switch resolver.ecosystem.rawValue {
  case "apt", "web": return PinnedResolver(resolver, to: pins.web)
  #if Git
    case "git": return GitResolver(pins: GitPins(pins.git.text))
  #endif
  default: return resolver
  }
}
await CommandLineTool.main(SonicMirror.self, resolvers: resolvers)
