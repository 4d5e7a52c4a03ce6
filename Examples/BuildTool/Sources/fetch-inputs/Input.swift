import MirrorCore
import MirrorWeb

/// One pinned input of a build: a line `SHA256 URL`, as `sha256sum` would write it.
struct Input: Sendable {
  let request: Request

  /// Reads a line; `nil` when it is none.
  init?(line: some StringProtocol) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let digest = Digest(.sha256, hex: String(words[0])),
      var request = WebResolver().request(naming: String(words[1]))
    else { return nil }
    request.digests = [digest]
    self.request = request
  }
}
