/// One source's typed outcome for one request.
public struct Attempt: Hashable, Sendable, Codable {
  /// How asking a source ended.
  public enum Outcome: String, Sendable, Codable {
    /// Bytes were delivered and passed every check.
    case hit
    /// The source answered, authentically, that it has no such thing.
    case miss
    /// No answer to the question.
    case unavailable
    /// The source says no, or wants to know us.
    case denied
    /// A complete answer whose bytes failed a check.
    case corrupt
    /// The channel cannot be trusted.
    case insecure
    /// The question could not be asked.
    case misconfigured
  }

  /// The source's name.
  public var source: String
  /// How it ended.
  public var outcome: Outcome
  /// Why, in a few words; never a secret.
  public var detail: String?
  /// How long it took, in milliseconds.
  public var milliseconds: Int

  /// Creates an attempt.
  public init(source: String, outcome: Outcome, detail: String? = nil, milliseconds: Int = 0) {
    self.source = source
    self.outcome = outcome
    self.detail = detail
    self.milliseconds = milliseconds
  }
}

extension Attempt.Outcome {
  /// The outcome that an error of that code is.
  public init(_ code: MirrorError.Code) {
    self = Attempt.Outcome(rawValue: code.rawValue) ?? .misconfigured
  }
}
