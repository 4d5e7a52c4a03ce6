/// A question as a tool asked it over HTTP.
public struct Query: Hashable, Sendable {
  /// What was asked for.
  public enum Target: Hashable, Sendable {
    /// A path below the ecosystem's root at the gateway, without a leading slash.
    case path(String)
    /// A whole URL, asked of the gateway as a proxy.
    case url(Locator)
  }

  /// What was asked for.
  public var target: Target
  /// The HTTP method; HEAD is asked as GET.
  public var method: String
  /// The media types the tool reads (HTTP's Accept).
  public var accept: String?
  /// What the tool's login said besides the token, `x` of the user `mirror+x` (RFC 7617).
  ///
  /// A resolver may give it a meaning.
  public var mark: String?

  /// Creates a query.
  public init(
    _ target: Target, method: String = "GET", accept: String? = nil, mark: String? = nil
  ) {
    self.target = target
    self.method = method
    self.accept = accept
    self.mark = mark
  }
}
