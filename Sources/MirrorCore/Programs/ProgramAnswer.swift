/// What a program's end says of the request it was given: the exit codes of Documentation/ExitCodes.md.
enum ProgramAnswer {
  /// The file is there.
  case found
  /// Authentically not here.
  case absent
  /// Neither.
  case failed(MirrorError.Code, String)

  init(_ end: Program.End) {
    switch end.status {
    case 0: self = .found
    case 10: self = .absent
    default:
      let codes: [MirrorError.Code] = [
        .unavailable, .denied, .corrupt, .insecure, .misconfigured,
      ]
      let code = codes.first { $0.exitCode == end.status }
      let words = Self.lastWords(end.errors)
      self = .failed(
        code ?? .unavailable,
        words.isEmpty ? "its exit code is \(end.status)" : "\(words) (exit code \(end.status))")
    }
  }

  /// The most of a line that is shown, in characters.
  private static let limit = 300

  private static func lastWords(_ errors: String) -> String {
    let line =
      errors.split(whereSeparator: \.isNewline)
      .last { $0.contains { !$0.isWhitespace } } ?? ""
    return Locator.redacting(String(line.prefix(limit)))
  }
}
