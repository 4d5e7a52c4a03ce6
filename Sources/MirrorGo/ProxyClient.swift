import MirrorCore

/// Asks one place that speaks the GOPROXY protocol: Athens, goproxy, Artifactory, Nexus, or a tree of
/// files behind a web server or in a folder.
struct ProxyClient: Sendable {
  /// The most that a document may be long: the limit of a go.mod file.
  private static let documentLimit = 16 << 20

  /// The name of the source, for messages.
  let source: String
  /// The root below which modules are; or a checksum database itself.
  let base: Locator
  /// Whether the base is a checksum database, whose paths do not begin with its name.
  var isDatabase = false
  let transport: any Transport
  let heads: SumHeads

  /// Gets what is asked for.
  ///
  /// - Parameter retrieval: made for the URL.
  /// - Throws: `unavailable` when a document is not what its name promises, as the page of a front end
  ///   is not; and what the transport throws.
  func fetch(
    _ path: ProxyPath, of request: Request, to sink: any ByteSink,
    _ retrieval: (Locator) -> Retrieval
  ) async throws(MirrorError) -> Finding {
    let retrieval = retrieval(
      base.appending(isDatabase ? path.encodedAtDatabase : path.encoded))
    switch path {
    case .zip, .sumTile, .sumSupported:
      return try await transport.get(retrieval, to: sink)
    case .list, .latest, .query, .info, .mod, .sumLookup, .sumLatest:
      let memory = MemorySink(limit: Self.documentLimit)
      let finding = try await transport.get(retrieval, to: memory)
      guard case .content(let content) = finding else { return finding }
      guard let bytes = document(memory.bytes, of: path) else {
        throw MirrorError(
          .unavailable, "\(request.identity): \(source) gave something else than \(path.kind)")
      }
      var described = Content(location: content.location, size: bytes.count, type: path.type)
      described.lastModified = content.lastModified
      try sink.receive(bytes, as: described)
      return .content(described)
    }
  }

  private func document(_ bytes: [UInt8], of path: ProxyPath) -> [UInt8]? {
    switch path {
    case .list: ProxyDocument.list(bytes)
    case .latest, .query: ProxyDocument.info(bytes)
    case .info(_, let version): ProxyDocument.info(bytes, of: version)
    case .mod: ProxyDocument.isGoMod(bytes) ? bytes : nil
    case .sumLookup(let database, _, _):
      SumLookup(bytes).map { heads.settling($0, of: database, from: base.endpoint).bytes }
    case .sumLatest: SumHead(String(decoding: bytes, as: UTF8.self)).map { _ in bytes }
    case .zip, .sumTile, .sumSupported: bytes
    }
  }
}

extension ProxyPath {
  /// What it is, for people.
  var kind: String {
    switch self {
    case .list: "a list of versions"
    case .latest, .query, .info: "the facts of a version"
    case .mod: "a go.mod file"
    case .zip: "a zip file"
    case .sumSupported, .sumLatest, .sumLookup, .sumTile: "an answer of a checksum database"
    }
  }

  /// The media type of its answer.
  var type: String {
    switch self {
    case .latest, .query, .info: "application/json"
    case .zip: "application/zip"
    case .sumTile: "application/octet-stream"
    case .list, .mod, .sumSupported, .sumLatest, .sumLookup: "text/plain; charset=utf-8"
    }
  }
}
