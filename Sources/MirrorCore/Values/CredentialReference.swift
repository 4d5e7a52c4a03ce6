/// Where a credential is found; never the credential itself, so it may stand in a configuration file.
public enum CredentialReference: Hashable, Sendable, CustomStringConvertible {
  /// An environment variable.
  case environment(String)
  /// A file, whose first line counts.
  case file(String)
  /// A program with arguments, whose first line of output counts.
  case command([String])
  /// A credential helper as git has them (gitcredentials(7)): a program with arguments, which is told the
  /// host and answers for it.
  case helper([String])

  /// Reads `env:NAME`, `file:PATH`, `command:PROGRAM ARG…` or `helper:PROGRAM ARG…`; `nil` when it is none of them.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let value = String(text[text.index(after: colon)...])
    guard !value.isEmpty else { return nil }
    switch text[..<colon] {
    case "env": self = .environment(value)
    case "file": self = .file(value)
    case "command", "helper":
      let words = value.split(separator: " ").map { String($0) }
      guard !words.isEmpty else { return nil }
      self = text.hasPrefix("command") ? .command(words) : .helper(words)
    default: return nil
    }
  }

  /// The reference as written.
  public var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    case .command(let words): "command:\(words.joined(separator: " "))"
    case .helper(let words): "helper:\(words.joined(separator: " "))"
    }
  }
}
