/// One word of a chain: the store, a mirror, or the origin.
public struct Source: Sendable {
  /// What a source is.
  public enum Kind: Sendable {
    /// The local store.
    case store
    /// A mirror of the organisation.
    case mirror(any Mirror)
    /// The upstream that the tool itself would have used.
    case origin(any Mirror)
  }

  /// Whether a source without an answer stops the request.
  public enum Mode: String, Sendable {
    /// No answer: the next source is asked.
    case bestEffort = "best-effort"
    /// No answer: the request stops here.
    case gatekeeper
  }

  /// What it is.
  public let kind: Kind
  /// What happens when it does not answer.
  public let mode: Mode
  /// Whether it may be asked for owned names.
  public let isOwner: Bool

  /// The local store.
  public static let store = Source(kind: .store, mode: .bestEffort, isOwner: true)

  /// A mirror.
  public static func mirror(
    _ mirror: any Mirror, mode: Mode = .bestEffort, isOwner: Bool = false
  ) -> Source {
    Source(kind: .mirror(mirror), mode: mode, isOwner: isOwner)
  }

  /// The upstream.
  public static func origin(_ mirror: any Mirror) -> Source {
    Source(kind: .origin(mirror), mode: .bestEffort, isOwner: false)
  }

  /// The name used in messages and the ledger.
  public var name: String {
    switch kind {
    case .store: "store"
    case .mirror(let mirror): mirror.name
    case .origin: "origin"
    }
  }

  /// What answers, unless it is the store.
  package var mirror: (any Mirror)? {
    switch kind {
    case .store: nil
    case .mirror(let mirror), .origin(let mirror): mirror
    }
  }

  /// Where a request to it would go, by the breaker's name; `nil` for the store.
  func endpoint(for request: Request) -> String? {
    mirror.map { $0.endpoint(for: request) ?? name }
  }

  /// Whether it is the upstream.
  package var isOrigin: Bool {
    if case .origin = kind { true } else { false }
  }
}
