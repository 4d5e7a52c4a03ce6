/// A back end that may hold artifacts: where one organisation keeps its bytes.
///
/// ``fetch(_:to:)`` answers ``Finding/nothing(_:)`` only when the mirror authentically does not have
/// the thing: that lets the next source answer. It throws when it cannot tell. A complete answer is
/// all that counts: the caller verifies the bytes, the mirror only moves them. The method may be called
/// at once from several tasks, and must not write to standard output, which belongs to the tool the
/// build thinks it is running.
///
/// ```swift
/// struct AcmeBucket: Mirror {
///   let name = "acme"
///   func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding {
///     guard let bytes = bucket[request.identity] else { return .nothing(nil) }
///     let content = Content(type: "application/octet-stream")
///     try sink.receive(bytes, as: content)
///     return .content(content)
///   }
/// }
/// ```
public protocol Mirror: Sendable {
  /// The name used in configuration, messages and the ledger.
  var name: String { get }

  /// Scheme, host and port that this request would go to, where there is such a thing.
  ///
  /// A circuit breaker is bound to it, and corrupt bytes from it rule it out for the request.
  func endpoint(for request: Request) -> String?

  /// Where the request would be asked, for people; `nil` when the mirror can say at once that it
  /// does not have it.
  func location(of request: Request) -> String?

  /// The one URL at which the mirror keeps the bytes of a request; `nil` when there is none, because it
  /// does not have them or because it gives them out by another way.
  ///
  /// Whoever fills the mirror puts them there.
  func locator(of request: Request) -> Locator?

  /// Moves the bytes of a request into the sink.
  ///
  /// - Throws: `unavailable`, `denied`, `corrupt`, `insecure` or `misconfigured`.
  func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding
}

extension Mirror {
  /// No endpoint: the breaker goes by the mirror's name.
  public func endpoint(for request: Request) -> String? { nil }

  /// None: it cannot be filled by uploads.
  public func locator(of request: Request) -> Locator? { nil }

  /// The request's identity.
  public func location(of request: Request) -> String? { request.identity }
}
