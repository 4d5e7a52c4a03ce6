import MirrorCommand
import MirrorCore
import MirrorSonic
import StockEcosystems

// What versions-web lists is a plain URL, or a file of an archive.
let pins = VersionPins.web
let resolvers = StockEcosystems.resolvers.map { resolver -> any Resolver in
  ["apt", "web"].contains(resolver.ecosystem.rawValue)
    ? PinnedResolver(resolver, to: pins) : resolver
}
await CommandLineTool.main(SonicMirror.self, resolvers: resolvers)
