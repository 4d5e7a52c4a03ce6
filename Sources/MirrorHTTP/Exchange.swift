internal import AsyncHTTPClient
internal import Glibc
import MirrorCore
internal import NIOCore
internal import NIOHTTP1

/// One attempt at one URL: the hops of its redirects, its head, and its body.
struct Exchange {
  let retrieval: Retrieval
  let pool: ClientPool
  let credentials: Credentials
  let patience: Patience
  /// What is asked: GET, or what a mirror is filled with.
  var method: HTTPMethod = .GET
  /// What is sent along.
  var upload: UploadBody?

  private static let mostRedirects = 10

  func run(to sink: any ByteSink) async throws(TransferFailure) -> Finding {
    let resumed = sink.partial
    let (response, last) = try await head(resuming: resumed)
    let status = Int(response.status.code)
    switch status {
    case 200..<300 where status != 206:
      return try await body(of: response, from: last, to: sink)
    case 206:
      guard let resumed else { throw .passing(unavailable("sent a part of it, unasked")) }
      guard let whole = whole(continuedBy: response, from: last, resumed) else {
        return try await runAnew(to: sink, response)
      }
      return try await body(of: response, from: last, at: resumed.count, of: whole, to: sink)
    case 416 where resumed != nil:
      return try await runAnew(to: sink, response)
    default:
      return try await refusal(response, status, from: last)
    }
  }

  // MARK: Head

  /// Sends the request and follows redirects to the head of the answer.
  func head(
    resuming partial: Partial? = nil
  ) async throws(TransferFailure) -> (HTTPClientResponse, Locator) {
    var hop = retrieval.locator
    let start = ContinuousClock.now
    for _ in 0...Self.mostRedirects {
      let response = try await ask(hop, resuming: partial)
      guard [301, 302, 303, 307, 308].contains(response.status.code),
        let location = response.headers.first(name: "location")
      else { return (response, hop) }
      guard upload == nil else {
        throw .final(
          MirrorError(
            .misconfigured,
            "\(retrieval.subject): \(retrieval.source) redirects an upload; give the URL it leads to"
          ))
      }
      guard let next = hop.resolving(location) else {
        throw .final(unavailable("redirects to something that is no URL"))
      }
      if hop.scheme == "https", next.scheme != "https" {
        throw .final(
          MirrorError(
            .insecure,
            "\(retrieval.subject): \(retrieval.source) redirects from https to \(next.scheme); refused"
          ))
      }
      guard next.scheme == "http" || next.scheme == "https" else {
        throw .final(unavailable("redirects to the scheme \(next.scheme)"))
      }
      await drain(response)
      guard ContinuousClock.now - start < patience.budget else {
        throw .passing(unavailable("does not come to the end of its redirects"))
      }
      // User info belongs to the host it was written for.
      hop = next.endpoint == hop.endpoint ? next.carrying(hop.userInfo) : next.withoutUserInfo
    }
    throw .final(unavailable("redirects more than \(Self.mostRedirects) times"))
  }

  private func ask(
    _ hop: Locator, resuming partial: Partial?
  ) async throws(TransferFailure) -> HTTPClientResponse {
    let isS3 = retrieval.s3Region != nil && hop.endpoint == retrieval.credentialEndpoint
    let hop = isS3 ? RequestSignature.canonical(hop) : hop
    let route = pool.route(to: hop)
    var request = route.request
    request.method = method
    upload?.add(to: &request)
    request.headers.add(name: "User-Agent", value: "mirror")
    request.headers.add(name: "Accept", value: retrieval.accept ?? "*/*")
    request.headers.add(name: "Accept-Encoding", value: "identity")
    if retrieval.reloads {
      request.headers.add(name: "Cache-Control", value: "no-cache")
      request.headers.add(name: "Pragma", value: "no-cache")
    }
    if let partial, Self.began(partial, at: hop), let validator = partial.content.validator {
      request.headers.add(name: "Range", value: "bytes=\(partial.count)-")
      request.headers.add(name: "If-Range", value: validator)
    }
    do throws(MirrorError) {
      if isS3 {
        let signature = try await credentials.signature(for: hop, of: retrieval)
        let fields = signature?.fields(
          method: method.rawValue, hop, bodySHA256: upload?.sha256?.hex, at: time(nil))
        for (name, value) in fields ?? [] { request.headers.add(name: name, value: value.reveal()) }
      } else if let secret = try await credentials.authorization(for: hop, of: retrieval) {
        request.headers.add(name: "Authorization", value: secret.reveal())
      }
    } catch {
      throw .final(error)
    }
    do {
      guard let upload else {
        // The deadline is the head's: it is called off when that has come.
        let deadline = NIODeadline.now() + TimeAmount(patience.firstByte)
        return try await route.client.execute(request, deadline: deadline)
      }
      return try await upload.send(patience) { [request] in
        try await route.client.execute(request, deadline: .distantFuture)
      }
    } catch {
      throw failure(error, at: hop)
    }
  }

  // MARK: Body

  private func body(
    of response: HTTPClientResponse, from last: Locator, at offset: Int = 0, of whole: Int? = nil,
    to sink: any ByteSink
  ) async throws(TransferFailure) -> Finding {
    let headers = response.headers
    // A length that cannot be is none that was declared.
    let declared = headers.first(name: "content-length").flatMap { Int($0) }
      .flatMap { (0...Int.max - offset).contains($0) ? $0 : nil }
    let whole = whole ?? declared.map { $0 + offset }
    let content = Content(
      location: last.identity,
      redirect: retrieval.keepsRedirect && last != retrieval.locator ? last.identity : nil,
      size: whole,
      type: headers.first(name: "content-type"),
      disposition: headers.first(name: "content-disposition"),
      lastModified: headers.first(name: "last-modified"), entityTag: headers.first(name: "etag"))
    let count: Int
    do {
      try sink.begin(content, at: offset)
      if whole.map({ $0 - offset }) ?? .max < Self.longBody {
        count = try await pour(response.body, into: sink)
      } else {
        // Hashing and writing goes on beside the event loop's reading.
        count = try await withTaskExecutorPreference(globalConcurrentExecutor) {
          try await pour(response.body, into: sink)
        }
      }
    } catch let error as MirrorError {
      throw .final(error)
    } catch {
      throw failure(error, at: last)
    }
    if let whole, offset + count != whole {
      let fault = offset + count < whole ? "broke off after" : "sent"
      throw .passing(unavailable("\(fault) \(offset + count) of \(whole) bytes"))
    }
    return .content(content)
  }

  /// From this length on, in bytes, a body is worth a thread beside the event loop's.
  private static let longBody = 256 << 10

  /// - Returns: how many bytes came.
  private func pour(
    _ body: HTTPClientResponse.Body, into sink: any ByteSink
  ) async throws -> Int {
    var count = 0
    var window = (start: ContinuousClock.now, bytes: 0)
    for try await buffer in body {
      try buffer.withUnsafeReadableBytes { try sink.write($0) }
      count += buffer.readableBytes
      window.bytes += buffer.readableBytes
      let elapsed = ContinuousClock.now - window.start
      if elapsed >= patience.stall {
        if window.bytes < Int(elapsed.components.seconds) * patience.stallRate {
          throw HTTPClientError.readTimeout
        }
        window = (.now, 0)
      }
    }
    return count
  }

  /// Whether what is here came from that place: two hosts may call different bytes by one validator.
  private static func began(_ partial: Partial, at hop: Locator) -> Bool {
    partial.content.location.flatMap { Locator($0) }?.endpoint == hop.endpoint
  }

  /// The length of the whole that a 206 continues; `nil` unless it gives exactly the bytes that are missing,
  /// of the same content (RFC 9110, 15.3.7).
  private func whole(
    continuedBy response: HTTPClientResponse, from last: Locator, _ partial: Partial
  ) -> Int? {
    guard Self.began(partial, at: last),
      let value = response.headers.first(name: "content-range"),
      let range = ContentRange(value), range.first == partial.count,
      let total = range.total ?? partial.content.size, range.last == total - 1,
      partial.content.size.map({ $0 == total }) ?? true
    else { return nil }
    let tag = response.headers.first(name: "etag")
    return tag == nil || tag == partial.content.entityTag ? total : nil
  }

  /// Asks again for the whole, since the beginning we have cannot be continued.
  private func runAnew(
    to sink: any ByteSink, _ response: HTTPClientResponse
  ) async throws(TransferFailure) -> Finding {
    await drain(response)
    do throws(MirrorError) { try sink.begin(Content(), at: 0) } catch { throw .final(error) }
    // Without a beginning nothing is asked in part, so this does not come back here.
    guard sink.partial == nil else { throw .passing(unavailable("cannot continue what it began")) }
    return try await run(to: sink)
  }

  // MARK: Refusals and failures

  func refusal(
    _ response: HTTPClientResponse, _ status: Int, from hop: Locator
  ) async throws(TransferFailure) -> Finding {
    if status == 404 || status == 410 || retrieval.absentCodes.contains(status) {
      return .nothing(await reply(response, status))
    }
    if upload != nil, [405, 413, 501].contains(status) {
      let reason = status == 413 ? "takes no file of that length" : "takes no uploads there"
      throw .final(
        MirrorError(
          .misconfigured,
          "\(retrieval.subject): \(retrieval.source) \(reason) (it answered \(status)); check its "
            + "settings", reply: await reply(response, status)))
    }
    if status == 400, let region = retrieval.s3Region, retrieval.credential != nil {
      throw .final(
        MirrorError(
          .misconfigured,
          "\(retrieval.subject): \(retrieval.source) answered 400 to a signed request; check that "
            + "s3-region = \(region) is the bucket's", reply: await reply(response, status)))
    }
    switch status {
    case 401, 403, 407, 451:
      let place = status == 407 ? "the proxy's login" : credentials.whereabouts(of: hop, retrieval)
      throw .final(
        MirrorError(
          .denied, "\(retrieval.subject): \(retrieval.source) answered \(status); check \(place)",
          reply: await reply(response, status)))
    case 408, 425, 429, 500, 502, 503, 504:
      let wait = response.headers.first(name: "retry-after")
        .flatMap { RetryAfter.wait($0, now: time(nil)) }
      throw .passing(
        unavailable("answered \(status)", reply: await reply(response, status)), retryAfter: wait,
        isBusy: status == 429 || status == 503)
    default:
      throw .final(unavailable("answered \(status)", reply: await reply(response, status)))
    }
  }

  private func reply(_ response: HTTPClientResponse, _ status: Int) async -> Reply {
    // A body that breaks off says less, but its status still counts.
    let bytes = try? await within(patience.firstByte) { () async throws -> [UInt8] in
      var collected: [UInt8] = []
      for try await buffer in response.body {
        collected += buffer.readableBytesView.prefix(1 << 16 - collected.count)
        if collected.count == 1 << 16 { break }
      }
      return collected
    }
    return Reply(
      status: status, type: response.headers.first(name: "content-type"), body: bytes ?? [])
  }

  /// Reads the short body of an answer, so that its connection can be used again.
  func drain(_ response: HTTPClientResponse) async {
    _ = await reply(response, Int(response.status.code))
  }

  private func unavailable(_ what: String, reply: Reply? = nil) -> MirrorError {
    MirrorError(
      .unavailable, "\(retrieval.subject): \(retrieval.source) \(what)", reply: reply)
  }

  private func failure(_ error: any Error, at hop: Locator) -> TransferFailure {
    if let error = error as? MirrorError { return .final(error) }
    if let reason = TLSFailure.reason(of: error) {
      return .final(
        MirrorError(
          .insecure,
          "\(retrieval.subject): \(hop.endpoint) cannot be trusted: \(reason); "
            + "if it is your own, name its authority with ca-file",
          underlying: error))
    }
    if error is CancellationError {
      return .final(MirrorError(.unavailable, "\(retrieval.subject): cancelled"))
    }
    if let error = error as? HTTPClientError, error == .proxyAuthenticationRequired {
      return .final(
        MirrorError(.denied, "\(retrieval.subject): the proxy asks for a login; check http_proxy"))
    }
    return .passing(unavailable("at \(hop.authority): \(NetworkFailure.reason(of: error))"))
  }
}
