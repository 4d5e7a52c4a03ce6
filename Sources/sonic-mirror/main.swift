import MirrorCommand
import MirrorCore
import MirrorSonic

#if Apt
  import MirrorApt
#endif
#if Git
  import MirrorGit
#endif
#if Go
  import MirrorGo
#endif
#if Pip
  import MirrorPip
#endif
#if Web
  import MirrorWeb
#endif

// Whole URLs are offered in this order: the web takes what nobody else knows.
var resolvers: [any Resolver] = []
#if Pip
  resolvers.append(PipResolver())
#endif
#if Go
  resolvers.append(GoResolver())
#endif
// What versions-web lists may be a file of an archive, too.
let pins = VersionPins.web
#if Apt
  resolvers.append(PinnedResolver(AptResolver(), to: pins))
#endif
#if Git
  resolvers.append(GitResolver())
#endif
#if Web
  resolvers.append(PinnedResolver(WebResolver(), to: pins))
#endif
await CommandLineTool.main(SonicMirror.self, resolvers: resolvers)
