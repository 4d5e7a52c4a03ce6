/// The user's own proxies: `http_proxy`, `https_proxy` and `no_proxy`, read as curl reads them.
public struct ProxySettings: Sendable {
  private let proxies: [String: Locator]
  private let exceptions: [String]

  /// Reads the variables.
  public init(environment: [String: String]) {
    var proxies: [String: Locator] = [:]
    for scheme in ["http", "https"] {
      // In capitals, http_proxy could be set by a CGI client (curl's manual page), so it is not read.
      let upper = scheme == "https" ? environment["HTTPS_PROXY"] : nil
      let value =
        environment["\(scheme)_proxy"] ?? upper ?? environment["all_proxy"]
        ?? environment["ALL_PROXY"]
      if let value, !value.isEmpty {
        proxies[scheme] = Locator(value.contains("://") ? value : "http://\(value)")
      }
    }
    self.proxies = proxies
    exceptions = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").lowercased()
      .split { $0 == "," || $0 == " " }.map { String($0) }
  }

  /// The proxy for a URL; `nil` for a direct connection.
  public func proxy(for locator: Locator) -> Locator? {
    for exception in exceptions {
      if exception == "*" || exception == locator.host || exception == locator.authority {
        return nil
      }
      let label = exception.hasPrefix(".") ? exception : ".\(exception)"
      if locator.host.hasSuffix(label) { return nil }
    }
    return proxies[locator.scheme]
  }
}
