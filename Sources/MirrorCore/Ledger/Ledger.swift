/// Whoever keeps what happened to requests.
///
/// Called once for every answer that was given; it must not lose one and must not block for long.
public protocol Ledger: Sendable {
  /// Keeps the outcome of a request.
  func record(_ request: Request, _ resolution: Resolution)
  /// Keeps that a connection passed which we could not read into.
  func recordOpaque(host: String, port: Int, wasRefused: Bool)
}
