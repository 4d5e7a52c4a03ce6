/// What a resolver makes of a query.
public enum Answer: Sendable {
  /// A thing whose bytes go to the tool as they are.
  ///
  /// With `showsRedirect`, a tool that does not follow redirects is shown the one that there was.
  case artifact(Request, showsRedirect: Bool = false)
  /// A look-up whose bytes are turned into a document for the tool.
  case page(Request, render: @Sendable ([UInt8], Content) throws(MirrorError) -> Document)
  /// An answer that is made while it is given, from what the tool says and what the chain has.
  ///
  /// What it throws before there is an answer is refused as the chain's own failures are.
  case conversation(@Sendable (Conversation) async throws(MirrorError) -> Speech)
  /// A document made without asking anybody.
  case document(Document)
  /// A thing that is not there, and why; recorded as a miss of the request.
  case nothing(Request, reason: MirrorError)
}

extension Answer {
  /// Whether it is made while it is given.
  package var isConversation: Bool {
    if case .conversation = self { true } else { false }
  }
}

/// A small answer made in memory.
public struct Document: Hashable, Sendable {
  /// The HTTP status.
  public var status: Int
  /// The media type.
  public var type: String
  /// The bytes.
  public var bytes: [UInt8]

  /// Creates a document.
  public init(status: Int = 200, type: String, bytes: [UInt8]) {
    self.status = status
    self.type = type
    self.bytes = bytes
  }
}
