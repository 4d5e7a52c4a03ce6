import MirrorCommand
import MirrorCore

#if Apt
  import MirrorApt
#endif
#if Pip
  import MirrorPip
#endif
#if Go
  import MirrorGo
#endif
#if Git
  import MirrorGit
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
#if Apt
  resolvers.append(AptResolver())
#endif
#if Git
  resolvers.append(GitResolver())
#endif
#if Web
  resolvers.append(WebResolver())
#endif
await CommandLineTool.main(resolvers: resolvers)
