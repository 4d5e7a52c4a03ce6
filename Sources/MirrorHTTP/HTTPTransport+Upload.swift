internal import AsyncHTTPClient
public import MirrorCore
internal import NIOHTTP1

/// What a server says of a file that it holds.
public struct Holding: Hashable, Sendable {
  /// The length in bytes.
  public var size: Int?
  /// The digests that it names: Artifactory in `X-Checksum-…` fields.
  public var digests: [Digest]
  /// What the server knows this content by; a bucket's is often, but not always, its MD5.
  package var entityTag: String?
}

extension HTTPTransport {
  /// Asks whether a server holds something, by HEAD.
  ///
  /// - Returns: `nil` when it does not.
  /// - Throws: as ``get(_:to:)``.
  public func holding(at retrieval: Retrieval) async throws(MirrorError) -> Holding? {
    try await persist(retrieval, ProgressMeter(MemorySink())) { exchange throws(TransferFailure) in
      var exchange = exchange
      exchange.method = .HEAD
      let (response, last) = try await exchange.head()
      let status = Int(response.status.code)
      guard (200..<300).contains(status) else {
        _ = try await exchange.refusal(response, status, from: last)
        return nil
      }
      await exchange.drain(response)
      let headers = response.headers
      let digests = [("sha256", Digest.Algorithm.sha256), ("sha1", .sha1), ("md5", .md5)]
        .compactMap { name, algorithm in
          headers.first(name: "x-checksum-\(name)").flatMap { Digest(algorithm, hex: $0) }
        }
      return Holding(
        size: headers.first(name: "content-length").flatMap { Int($0) }, digests: digests,
        entityTag: headers.first(name: "etag"))
    }
  }

  /// Puts a file of the store where a mirror will look for it.
  ///
  /// What is there is replaced. A PUT may be repeated, so it is after passing failures (RFC 9110, 9.2.2).
  ///
  /// - Parameters:
  ///   - digests: what the server may check it by.
  /// - Throws: `unavailable`, `denied`, `insecure`, `corrupt` when other bytes came than the digests say, or
  ///   `misconfigured` when it takes no uploads there.
  public func put(
    _ file: OpenFile, size: Int, digests: [Digest], at retrieval: Retrieval
  ) async throws(MirrorError) {
    try await persist(retrieval, ProgressMeter(MemorySink())) { exchange throws(TransferFailure) in
      var exchange = exchange
      exchange.method = .PUT
      exchange.upload = UploadBody(file: file, size: size, digests: digests)
      let (response, last) = try await exchange.head()
      let status = Int(response.status.code)
      guard !(200..<300).contains(status) else { return await exchange.drain(response) }
      if status == 409 { throw .final(await exchange.conflict(response)) }
      _ = try await exchange.refusal(response, status, from: last)
      throw .final(exchange.lacksFolder(status))
    }
  }
}

extension Exchange {
  /// What 409 to an upload means: that its checksum is another one ("Deploy Artifact" in JFrog's REST
  /// documentation), or, in a page, that a plain web server has no such folder (RFC 4918, 9.7.1).
  fileprivate func conflict(_ response: HTTPClientResponse) async -> MirrorError {
    await drain(response)
    if response.headers.first(name: "content-type")?.hasPrefix("text/html") == true {
      return lacksFolder(409)
    }
    return MirrorError(
      .corrupt,
      "\(retrieval.subject): \(retrieval.source) answered 409: what came is not what its checksum says; "
        + "push again, and look at what is in between")
  }

  fileprivate func lacksFolder(_ status: Int) -> MirrorError {
    MirrorError(
      .misconfigured,
      "\(retrieval.subject): \(retrieval.source) answered \(status) to an upload; its folder is not "
        + "there, and it makes none")
  }
}
