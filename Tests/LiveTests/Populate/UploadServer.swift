import Foundation
import MirrorCore
import MirrorTesting
import Synchronization

/// A server that keeps what is put there, as Artifactory's generic repositories do.
///
/// Reading and writing need a Bearer token, an upload is checked against the `X-Checksum-…` fields that came
/// with it (409 where it is something else), and HEAD and GET name the checksums that the server computed:
/// JFrog's REST documentation, "Deploy Artifact" and "Retrieve Artifact".
final class UploadServer: Sendable {
  private let files = Mutex<[String: [UInt8]]>([:])
  private let token: String
  private let namesChecksums: Bool

  init(token: String = "sesame", namesChecksums: Bool = true) {
    self.token = token
    self.namesChecksums = namesChecksums
  }

  /// What it holds, by path.
  var holdings: [String: [UInt8]] { files.withLock { $0 } }

  /// Puts something there behind everybody's back.
  func hold(_ bytes: [UInt8], at path: String) { files.withLock { $0[path] = bytes } }

  var answer: FaultAnswer {
    .choosing { [self] request in
      guard request.headers["authorization"] == "Bearer \(token)" else { return .status(401) }
      guard request.method == "PUT" else {
        guard let bytes = holdings[request.path] else { return .status(404) }
        return namesChecksums
          ? .status(200, headers: ["X-Checksum-Sha256": Self.sha256(bytes)], body: bytes)
          : .file(bytes)
      }
      if let sum = request.headers["x-checksum-sha256"], sum != Self.sha256(request.body) {
        return .status(409)
      }
      hold(request.body, at: request.path)
      return .status(201)
    }
  }

  static func sha256(_ bytes: [UInt8]) -> String {
    ContentHash.sha256(of: bytes).hex
  }
}
