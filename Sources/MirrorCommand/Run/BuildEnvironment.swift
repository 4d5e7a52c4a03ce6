import MirrorCore

import enum MirrorHook.MissingGateway

/// The environment of a build whose tools are pointed at the gateway.
struct BuildEnvironment {
  /// Every variable.
  let variables: [String: String]
  /// What could not be brought under control.
  let gaps: [(Ecosystem, String)]

  /// Puts the environment together.
  ///
  /// - Parameters:
  ///   - wrappers: the wrappers in front of tools, where there are any.
  ///   - keepsCaches: whether the tools go on with their own caches.
  ///   - isStrict: whether a tool must not run without the gateway.
  init(
    from environment: [String: String], gateway: GatewayAddress,
    redirections: [(key: Ecosystem, value: Redirection)],
    wrappers: WrapperFolder?, keepsCaches: Bool, isStrict: Bool
  ) {
    var variables = environment
    for name in ["all_proxy", "ALL_PROXY"] { variables[name] = nil }
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"] {
      variables[name] = gateway.url()
    }
    for name in ["no_proxy", "NO_PROXY"] { variables[name] = "127.0.0.1,localhost,::1" }
    var gaps: [(Ecosystem, String)] = []
    for (ecosystem, redirection) in redirections {
      for (name, value) in redirection.environment { variables[name] = value }
      if !keepsCaches { variables.merge(redirection.caches) { $1 } }
      gaps += redirection.gaps.map { (ecosystem, $0) }
    }
    if let wrappers { variables["PATH"] = wrappers.first(in: environment["PATH"]) }
    if isStrict { variables[MissingGateway.requirement] = "yes" }
    self.variables = variables
    self.gaps = gaps
  }
}
