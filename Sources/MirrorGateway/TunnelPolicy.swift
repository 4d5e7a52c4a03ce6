public import MirrorCore

/// Whether connections may pass that we cannot read into, and how they leave.
public struct TunnelPolicy: Sendable {
  /// Whether a tunnel may pass.
  public var isAllowed: Bool
  /// The user's own proxies, which the tunnel goes through.
  public var proxies: ProxySettings

  /// Creates a policy.
  public init(isAllowed: Bool, proxies: ProxySettings) {
    self.isAllowed = isAllowed
    self.proxies = proxies
  }
}
