import MirrorCore
import MirrorGo
import MirrorTesting

extension GoResolver {
  /// The request behind a path below the gateway's `go/`; `nil` when it is none of ours.
  func request(_ path: String) -> Request? {
    guard case .artifact(let request, _) = answer(to: Query(.path(path)), frozen: nil) else {
      return nil
    }
    return request
  }

  /// What the verifier says of bytes: the facts, or the error.
  func verdict(of bytes: [UInt8], as path: String) throws -> Result<[String: String], MirrorError> {
    guard let request = request(path), let verifier else { throw Missing() }
    let folder = try TemporaryFolder()
    let name = try folder.write("bytes", bytes: bytes)
    guard let file = try OpenFile(reading: name) else { throw Missing() }
    do throws(MirrorError) {
      return .success(
        try verifier.examine(file, size: bytes.count, of: request, from: "acme"))
    } catch {
      return .failure(error)
    }
  }
}

/// A fixture that is not there.
struct Missing: Error {}

extension Mirror {
  /// The text that the mirror gives; `nil` when it has nothing.
  func text(_ request: Request) async throws -> String? {
    let sink = MemorySink()
    guard case .content = try await fetch(request, to: sink) else { return nil }
    return String(decoding: sink.bytes, as: UTF8.self)
  }
}

extension SourceSettings {
  /// A proxy of an organisation.
  static let acme = SourceSettings(
    name: "acme", url: Locator(scheme: "https", host: "go.acme.example", path: "/api/go/all"))
}
