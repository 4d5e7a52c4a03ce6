package import MirrorCore

/// What git's words on standard error mean in the terms of the chain.
///
/// Git has one exit code for all failures, so its words (in English, LC_ALL=C) are all there is to go by.
/// What is not known counts as no answer.
package enum GitFailure {
  /// The source answered that it has no such repository or object.
  case absent(String)
  /// It failed.
  case error(MirrorError.Code, String, isPassing: Bool)

  /// Reads the words.
  ///
  /// - Parameters:
  ///   - absentCodes: HTTP statuses that mean "not here" at this source.
  ///   - wanted: the object that was asked for by its name.
  package init(_ errors: String, absentCodes: Set<Int> = [], wanted: String? = nil) {
    let line = Self.decisiveLine(of: errors)
    let words = errors.lowercased()
    func says(_ candidates: [String]) -> Bool { candidates.contains { words.contains($0) } }
    if words.contains(FetchScript.complaint) {
      self = .error(.unavailable, line, isPassing: false)
    } else if says(Self.full) {
      self = .error(
        .misconfigured, "\(line): the store has no room; make some, or choose another with --store",
        isPassing: false)
    } else if says(Self.insecure) {
      self = .error(.insecure, line, isPassing: false)
    } else if let status = Self.status(in: words) {
      switch status {
      case 404, 410: self = .absent(line)
      case _ where absentCodes.contains(status): self = .absent(line)
      case 401, 403, 407, 451: self = .error(.denied, line, isPassing: false)
      default:
        self = .error(
          .unavailable, line, isPassing: status >= 500 || [408, 425, 429].contains(status))
      }
    } else if says(Self.denied) {
      self = .error(.denied, line, isPassing: false)
    } else if Self.lacksProgram(words) {
      self = .error(.unavailable, line, isPassing: false)
    } else if says(Self.absent) || Self.namesNothing(words) || Self.lacks(wanted, words) {
      self = .absent(line)
    } else if says(Self.broken) {
      self = .error(.unavailable, line, isPassing: true)
    } else if says(Self.corrupt) {
      self = .error(.corrupt, line, isPassing: false)
    } else if says(Self.foreign) {
      self = .error(
        .unavailable, "\(line): a web page or nothing instead of a repository", isPassing: false)
    } else if says(Self.misconfigured) {
      self = .error(.misconfigured, line, isPassing: false)
    } else {
      self = .error(.unavailable, line, isPassing: true)
    }
  }

  /// Whether a program is missing, at the other end of ssh or here, as shells say it.
  private static func lacksProgram(_ words: String) -> Bool {
    words.contains("command not found")
      || words.split(whereSeparator: \.isNewline).contains { line in
        line.starts(with: /(?:\S*\/|-)?(?:ba|da|a|k|z)?sh: .*not found$/)
      }
  }

  /// Whether a server says what it does not have: `repository 'URL' not found`, `ERROR: Repository not
  /// found.`, `fatal: project acme/tool not found`.
  private static func namesNothing(_ words: String) -> Bool {
    words.contains(/\b(?:repository|repo|project|object|ref)(?: \S+)? (?:was )?not found/)
  }

  /// Whether it is the wanted object itself that a bundle, or a tree behind plain HTTP, does not have.
  private static func lacks(_ wanted: String?, _ words: String) -> Bool {
    guard let wanted else { return false }
    return words.contains("bad object \(wanted)")
      || words.contains("cannot obtain needed object \(wanted)")
  }

  /// `The requested URL returned error: 503`, as libcurl has it, or `from HTTP 405`, as git-lfs has it.
  private static func status(in words: String) -> Int? {
    let mark = words.firstRange(of: "returned error: ") ?? words.firstRange(of: " from http ")
    return mark.flatMap { Int(words[$0.upperBound...].prefix { $0.isNumber }) }
  }

  /// The line to show: the last that says why, without what may be a login.
  private static func decisiveLine(of errors: String) -> String {
    let lines = errors.split(whereSeparator: \.isNewline)
    let line =
      lines.first { line in full.contains { line.lowercased().contains($0) } } ?? lines.first {
        $0.hasPrefix("error: ") || $0.hasPrefix("ERROR: ")
      }
      ?? lines.first { $0.hasPrefix("Error downloading object") }
      ?? lines.last { $0.hasPrefix("fatal: ") } ?? lines.last ?? "git failed without a word"
    return Locator.redacting(String(line.prefix(300)))
  }

  private static let full = ["no space left on device", "disk quota exceeded"]
  private static let insecure = [
    "ssl certificate problem", "server certificate verification failed",
    "certificate verify failed",
    "ssl: no alternative certificate", "host key verification failed", "remote host identification",
    "protocol \"http\"", "transport 'http' not allowed", "subject name", "self-signed certificate",
    "x509: ",
  ]
  private static let denied = [
    "authentication failed", "could not read username", "could not read password",
    "permission denied (", "terminal prompts disabled", "access denied", "invalid username",
    "authorization error", "authentication required", "credentials for",
  ]
  private static let absent = [
    "does not appear to be a git repository", "does not exist", "not our ref",
    "unadvertised object", "couldn't find remote ref", "no such remote ref", "upload-pack: not our",
    "server does not allow request for",
  ]
  private static let broken = [
    "early eof", "unexpected disconnect", "hung up", "timed out", "could not resolve",
    "failed to connect",
    "couldn't connect", "connection refused", "connection reset", "curl 18", "curl 28", "curl 52",
    "curl 56", "transfer closed", "empty reply", "operation too slow", "timeout",
    "network is unreachable",
    "no route to host", "temporary failure", "no such host", "server error", "rate limit",
  ]
  private static let corrupt = [
    "error in object", "fsck", "corrupt", "inflate", "sha1 mismatch", "hash mismatch", "checksum",
    "did not send all necessary objects", "bad object", "missing necessary objects", "garbage",
    "unresolved delta", "invalid object", "bad pack", "not a valid object", "unable to unpack",
    "bad header", "invalid index-pack", "pack has", "expected oid",
  ]
  private static let foreign = [
    "is this a git repository", "not valid", "invalid server response", "bad line length",
    "protocol error", "unable to parse", "invalid character",
  ]
  private static let misconfigured = [
    "unable to find remote helper", "is not a git command", "unable to write",
    "unable to create", "bad config", "cannot run ssh",
  ]
}
