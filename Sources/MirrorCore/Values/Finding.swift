/// What a source answered, when it could answer.
public enum Finding: Hashable, Sendable {
  /// The bytes were given to the sink; this is what the source says of them.
  case content(Content)
  /// Authentically not here; with the words of the source, where it had any.
  case nothing(Reply?)
}
