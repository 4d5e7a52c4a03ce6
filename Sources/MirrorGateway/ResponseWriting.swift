internal import HTTPTypes
internal import HummingbirdCore
import MirrorCore
internal import NIOCore

extension ResponseWriter {
  /// Writes a small answer in one piece.
  @concurrent consuming func write(
    status: Int, headers: HTTPFields, body: [UInt8], to exchange: ClientExchange
  ) async throws {
    var headers = headers
    headers[.contentLength] = String(body.count)
    let head = exchange.head(status: status, headers)
    if exchange.isHead {
      try await writeResponse(head)
    } else {
      try await write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
  }

  @concurrent consuming func write(_ refusal: Refusal, to exchange: ClientExchange) async throws {
    var headers = refusal.headers
    headers[.contentType] = refusal.type
    if refusal.breaksOff, !exchange.isHead {
      headers[.contentLength] = String(refusal.body.count + 1)
      var body = try await writeHead(exchange.head(status: refusal.status, headers))
      try await body.write(ByteBuffer(bytes: refusal.body))
      throw refusal
    }
    try await write(status: refusal.status, headers: headers, body: refusal.body, to: exchange)
  }

  @concurrent consuming func write(_ document: Document, to exchange: ClientExchange) async throws {
    try await write(
      status: document.status, headers: [.contentType: document.type, .vary: "Accept"],
      body: document.bytes, to: exchange)
  }

  /// Writes an answer of unknown length while it is made; it breaks off where the making does.
  @concurrent consuming func write(_ speech: Speech, to exchange: ClientExchange) async throws {
    // What was made at this moment may be another thing in the next.
    let head = exchange.head(
      status: speech.status, [.contentType: speech.type, .cacheControl: "no-cache"])
    if exchange.isHead { return try await writeResponse(head) }
    var body = try await writeHead(head)
    try await speech.speak { bytes throws(MirrorError) in
      do {
        try await body.write(ByteBuffer(bytes: bytes))
      } catch {
        throw MirrorError(.unavailable, "the client hung up", underlying: error)
      }
    }
    try await body.finish(nil)
  }
}
