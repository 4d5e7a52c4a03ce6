package import MirrorCore

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

/// The ecosystems that the traits of the build chose, for the stock executables.
package enum StockEcosystems {
  /// One resolver each; whole URLs are offered in this order, and the web takes what nobody else knows.
  package static var resolvers: [any Resolver] {
    var resolvers: [any Resolver] = []
    add(to: &resolvers)
    return resolvers
  }

  private static func add(to resolvers: inout [any Resolver]) {
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
  }
}
