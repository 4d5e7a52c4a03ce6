import MirrorCore

extension Reply {
  /// What is answered to whoever asks for what is not there.
  static func absence(_ words: String) -> Reply {
    Reply(status: 404, type: "text/plain", body: Array("mirror: \(words)\n".utf8))
  }
}
