/// Why something could not be delivered, in words a person can act on.
public struct MirrorError: Error, Sendable, CustomStringConvertible {
  /// The kind of a failure, an open set.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The word used in the ledger.
    public let rawValue: String
    /// Creates the code of that word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Policy forbids it: not in the lock, not pinned, or no source may be asked.
    public static let refused = Code(rawValue: "refused")
    /// No answer to the question: time-outs, refused connections, server errors.
    public static let unavailable = Code(rawValue: "unavailable")
    /// The source knows us and says no, or wants to know us.
    public static let denied = Code(rawValue: "denied")
    /// A complete answer whose bytes fail a check.
    public static let corrupt = Code(rawValue: "corrupt")
    /// The channel cannot be trusted.
    public static let insecure = Code(rawValue: "insecure")
    /// We cannot even ask: a wrong setting, an unreadable file, an unwritable store.
    public static let misconfigured = Code(rawValue: "misconfigured")
    /// Offline, and not in the store.
    public static let offline = Code(rawValue: "offline")

    /// The exit code of a command that ends with this failure.
    public var exitCode: Int32 {
      switch self {
      case .refused: 20
      case .unavailable: 21
      case .denied: 22
      case .corrupt: 23
      case .insecure: 24
      case .offline: 26
      default: 25
      }
    }
  }

  /// The kind.
  public let code: Code
  /// One line: what, where, and what to do.
  public let message: String
  /// What the upstream said, where that is worth passing on.
  public let reply: Reply?
  /// The error underneath, for debuggers.
  public let underlying: (any Error)?

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, reply: Reply? = nil, underlying: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.reply = reply
    self.underlying = underlying
  }

  /// The message.
  public var description: String { message }

  /// The same error without what the upstream said, where that upstream is not the tool's own.
  package var withoutReply: MirrorError { MirrorError(code, message, underlying: underlying) }
}
