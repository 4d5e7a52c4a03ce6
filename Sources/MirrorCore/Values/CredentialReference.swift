/// Where a credential is found; never the credential itself, so it may stand in a configuration file.
public enum CredentialReference: Hashable, Sendable, CustomStringConvertible {
  /// An environment variable.
  case environment(String)
  /// A file, whose first line counts.
  case file(String)
  /// A program with arguments, whose first line of output counts.
  case command([String])

  /// Reads `env:NAME`, `file:PATH` or `command:PROGRAM ARG…`; `nil` when it is none of them.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let value = String(text[text.index(after: colon)...])
    guard !value.isEmpty else { return nil }
    switch text[..<colon] {
    case "env": self = .environment(value)
    case "file": self = .file(value)
    case "command":
      let words = value.split(separator: " ").map { String($0) }
      guard !words.isEmpty else { return nil }
      self = .command(words)
    default: return nil
    }
  }

  /// The reference as written.
  public var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    case .command(let words): "command:\(words.joined(separator: " "))"
    }
  }
}
