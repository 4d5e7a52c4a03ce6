internal import MirrorCore
import Synchronization

/// What a client of Sonatype Nexus Repository meets, for tests: paths, logins and refusals.
///
/// It does as Sonatype's documentation says; no Nexus was at hand to compare it with.
///
/// Everything is below `/repository/NAME/` ("Formats": the pages on APT, PyPI, Go and Raw repositories). It
/// plays on a ``FaultServer``.
public final class NexusStub: Sendable {
  private struct State {
    var items: [String: (bytes: [UInt8], type: String)] = [:]
    var forbidden: Set<String> = []
    var isDown = false
  }

  private let state = Mutex(State())
  private let login: String?

  /// Plays on a server.
  ///
  /// - Parameter login: `USER:PASSWORD`, or the two halves of a user token ("User Tokens"); `nil` where
  ///   anonymous access is on.
  public init(on server: FaultServer, login: String? = nil) {
    self.login = login
    server.setDefault(.choosing { [self] request in answer(to: request) })
  }

  /// Holds a file of a repository: a raw one, an archive's, or one of a Go proxy's.
  public func hold(
    _ repository: String, _ path: String, _ bytes: [UInt8],
    type: String = "application/octet-stream"
  ) {
    state.withLock { $0.items["\(repository)/\(path)"] = (bytes, type) }
  }

  /// Holds one file of a Python project: the page at `simple/PROJECT/`, the file below `packages/`.
  public func holdPython(
    _ repository: String, project: String, version: String, fileName: String, _ bytes: [UInt8]
  ) {
    let place = "packages/\(project)/\(version)/\(fileName)"
    let sha256 = ContentHash.sha256(of: bytes).hex
    let page = """
      <html lang="en"><head><title>Links for \(project)</title></head><body>
      <a href="../../\(place)#sha256=\(sha256)" rel="internal">\(fileName)</a><br/>
      </body></html>

      """
    hold(repository, "simple/\(project)/", Array(page.utf8), type: "text/html")
    hold(repository, place, bytes)
  }

  /// Forbids a repository to everybody: 403 ("Privileges").
  public func forbid(_ repository: String) {
    _ = state.withLock { $0.forbidden.insert(repository) }
  }

  /// Takes it off the network: every connection is reset.
  public func stop() { state.withLock { $0.isDown = true } }

  private func answer(to request: SeenRequest) -> FaultAnswer {
    let state = state.withLock { $0 }
    if state.isDown { return .reset }
    // Basic alone: no token goes as Bearer.
    if let login, request.headers["authorization"] != "Basic \(Base64.encode(login.utf8))" {
      return .status(
        401, headers: ["WWW-Authenticate": "BASIC realm=\"Sonatype Nexus Repository Manager\""])
    }
    let root = "/repository/"
    let target = request.path.split(separator: "?", omittingEmptySubsequences: false)[0]
    guard target.hasPrefix(root) else { return .html("<h1>404 Not Found</h1>\n", code: 404) }
    let path = PercentEncoding.decode(target.dropFirst(root.count))
    if state.forbidden.contains(String(path.split(separator: "/").first ?? "")) {
      return .status(403)
    }
    guard let item = state.items[path] else { return .html("<h1>404 Not Found</h1>\n", code: 404) }
    return .file(
      item.bytes, etag: ContentHash.sha256(of: item.bytes).hex, contentType: item.type)
  }
}
