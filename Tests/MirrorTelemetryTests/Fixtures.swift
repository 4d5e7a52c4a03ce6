import MirrorCore
import MirrorHTTP
import MirrorTesting
import MirrorWeb

/// A chain of two mirrors and the origin, whose request holds secrets wherever one may be.
struct Scene {
  static let secret = "hunter2"

  let folder: TemporaryFolder
  let store: Store
  let acme = InMemoryMirror("acme", endpoint: "https://acme.example")
  let origin = InMemoryMirror("origin")
  let request: Request

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder.path)
    request = try Self.request(
      "https://user:\(Self.secret)@files.example/tool.tgz?X-Amz-Signature=\(Self.secret)")
  }

  /// What a person wants who names that URL.
  static func request(_ url: String, pinned text: String? = nil) throws -> Request {
    guard var request = WebResolver().request(naming: url) else {
      throw MirrorError(.misconfigured, "no URL")
    }
    if let text { request.digests = [ContentHash.sha256(of: text.utf8)] }
    return request
  }

  /// Resolves the request while that observer looks on.
  @discardableResult
  func resolve(
    pinned text: String? = nil, watchedBy observer: any Observer
  ) async -> Resolution {
    var request = request
    if let text { request.digests = [ContentHash.sha256(of: text.utf8)] }
    return await FallbackChain(
      [.store, .mirror(acme), .origin(origin)], store: store, observers: [observer]
    ).resolve(request)
  }

  /// Resolves a URL with a login, which a real server on loopback refuses.
  func resolveRefused(watchedBy observer: any Observer) async throws -> Resolution {
    try await FaultServer.run { server in
      server.setDefault(.status(403))
      let transport = try HTTPTransport(environment: [:])
      let origin = WebResolver().origin(over: transport, in: Surroundings(environment: [:]))
      let url = "http://user:\(Self.secret)@127.0.0.1:\(server.port)/tool.tgz?sig=\(Self.secret)"
      let chain = FallbackChain([.origin(origin)], store: store, observers: [observer])
      let resolution = await chain.resolve(try Self.request(url))
      await transport.shutDown()
      return resolution
    }
  }
}
