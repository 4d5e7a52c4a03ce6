/// A tool's question whose answer is made while it is given, and what it takes to make one.
public struct Conversation: Sendable {
  /// The fields of the question's head, by lower-case name; `host` is where the tool reached the gateway.
  public let headers: [String: String]
  /// The body that came with it, whole.
  public let body: [UInt8]
  /// Where the gateway runs.
  public let surroundings: Surroundings
  /// Carries a request through its chain, and records it as every other.
  public let resolve: @Sendable (Request) async -> Resolution

  /// Creates a conversation.
  public init(
    headers: [String: String] = [:], body: [UInt8] = [], surroundings: Surroundings,
    resolve: @escaping @Sendable (Request) async -> Resolution
  ) {
    self.headers = headers
    self.body = body
    self.surroundings = surroundings
    self.resolve = resolve
  }
}

/// An answer of unknown length, made piece by piece.
public struct Speech: Sendable {
  /// Takes the next bytes; throws when nobody listens any more.
  public typealias Listener = ([UInt8]) async throws(MirrorError) -> Void

  /// The HTTP status.
  public var status: Int
  /// The media type.
  public var type: String
  /// Says all of it; when it throws, the tool sees that the answer broke off.
  public var speak: @Sendable (Listener) async throws(MirrorError) -> Void

  /// Creates an answer.
  public init(
    status: Int = 200, type: String,
    speak: @escaping @Sendable (Listener) async throws(MirrorError) -> Void
  ) {
    self.status = status
    self.type = type
    self.speak = speak
  }

  /// An answer of these bytes.
  public init(_ document: Document) {
    let bytes = document.bytes
    self.init(status: document.status, type: document.type) { listener throws(MirrorError) in
      try await listener(bytes)
    }
  }
}
