import MirrorCore

/// A file whose first line is what a gateway's clients have to show.
enum TokenFile {
  /// Reads the token.
  ///
  /// - Throws: `misconfigured` when the file is not there, has no line, or one that cannot stand in a URL.
  static func token(at path: String) throws(MirrorError) -> Secret {
    let text = try Disk.read(path).map { String(decoding: $0, as: UTF8.self) }
    guard let line = text?.split(whereSeparator: \.isNewline).first else {
      throw MirrorError(.misconfigured, "--token-file \(path): is empty or not there")
    }
    guard line.utf8.allSatisfy(isPlain) else {
      throw MirrorError(
        .misconfigured,
        "--token-file \(path): its token cannot stand in a URL; use letters, digits and - . _ ~ + = alone"
      )
    }
    return Secret(String(line))
  }

  /// Whether a byte may stand in a URL as it is, in the user info and in the path.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~+=".utf8.contains(byte)
    }
  }
}
