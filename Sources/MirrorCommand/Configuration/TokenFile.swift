import MirrorCore

/// A file whose first line is what a gateway's clients have to show.
enum TokenFile {
  /// Reads the token.
  ///
  /// - Throws: `misconfigured` when the file is not there or has no line.
  static func token(at path: String) throws(MirrorError) -> Secret {
    let text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) }
    guard let line = text?.split(whereSeparator: \.isNewline).first else {
      throw MirrorError(.misconfigured, "--token-file \(path): is empty or not there")
    }
    return Secret(String(line))
  }
}
