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
let pins = VersionPins()
// What versions-web lists may be a file of an archive, too.
#if Apt
  resolvers.append(PinnedResolver(AptResolver(), to: pins.web))
#endif
#if Git
  resolvers.append(GitResolver(pins: GitPins(pins.git.text)))
#endif
#if Web
  resolvers.append(PinnedResolver(WebResolver(), to: pins.web))
#endif
await CommandLineTool.main(SonicMirror.self, resolvers: resolvers)
