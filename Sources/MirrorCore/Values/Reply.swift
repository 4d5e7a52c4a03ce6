/// A refusal as an upstream worded it, kept so that a tool can be given the same one.
public struct Reply: Hashable, Sendable {
  /// The HTTP status.
  public var status: Int
  /// The media type of the body.
  public var type: String?
  /// The body, cut at 64 KiB.
  public var body: [UInt8]

  /// Creates a reply.
  public init(status: Int, type: String? = nil, body: [UInt8] = []) {
    self.status = status
    self.type = type
    self.body = body
  }
}
