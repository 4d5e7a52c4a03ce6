extension FaultAnswer {
  /// Serves a file as an honest server does.
  ///
  /// `Range` with `If-Range` (206, 416), `If-None-Match` and `If-Modified-Since` (304) and `HEAD`
  /// are honoured.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - etag: The entity tag; quotes are added unless it has them or begins with `W/`.
  ///   - lastModified: An HTTP date.
  ///   - contentType: The media type.
  ///   - contentDisposition: The header that names the file.
  ///   - honoursRanges: False for a server that answers a `Range` with the whole file.
  public static func file(
    _ bytes: [UInt8], etag: String? = nil, lastModified: String? = nil,
    contentType: String? = "application/octet-stream", contentDisposition: String? = nil,
    honoursRanges: Bool = true
  ) -> FaultAnswer {
    let file = ServedFile(
      bytes: bytes, etag: etag, lastModified: lastModified, contentType: contentType,
      contentDisposition: contentDisposition, honoursRanges: honoursRanges)
    return FaultAnswer { request in file.response(to: request).steps(for: request) }
  }

  /// Answers with any status, such as 401 with `WWW-Authenticate` or 503 with `Retry-After`.
  ///
  /// `Content-Length` is added unless the headers frame the body themselves, truly or not.
  public static func status(
    _ code: Int, headers: KeyValuePairs<String, String> = [:], body: [UInt8] = []
  ) -> FaultAnswer {
    FaultAnswer { request in
      Response(code, headers.map { (name: $0.key, value: $0.value) }, body: body)
        .steps(for: request)
    }
  }

  /// Sends the client elsewhere.
  public static func redirect(to location: String, code: Int = 302) -> FaultAnswer {
    status(code, headers: ["Location": location])
  }

  /// Answers with a web page, as captive portals and log-in walls do where a file was asked for.
  public static func html(
    _ page: String = "<!DOCTYPE html><title>Sign in</title><p>Please sign in.</p>\n",
    code: Int = 200
  ) -> FaultAnswer {
    status(code, headers: ["Content-Type": "text/html; charset=utf-8"], body: Array(page.utf8))
  }

  /// Answers 200 without a byte of body.
  public static let empty = status(200)

  /// Serves the bytes with `Transfer-Encoding: chunked`, so that their number is not known before.
  ///
  /// - Parameters:
  ///   - bytes: The whole body.
  ///   - size: The length of a chunk.
  public static func chunked(_ bytes: [UInt8], of size: Int = 1024) -> FaultAnswer {
    FaultAnswer { request in
      chunkedResponse(chunks(bytes, of: size) + Array("0\r\n\r\n".utf8)).steps(for: request)
    }
  }

  /// Sends the first bytes as whole chunks and closes without the last chunk.
  public static func chunkedTruncated(
    _ bytes: [UInt8], after count: Int, of size: Int = 1024
  ) -> FaultAnswer {
    FaultAnswer { request in
      let sent = chunks(Array(bytes.prefix(count)), of: size)
      return chunkedResponse(sent)
        .steps(for: request, sending: sent.count, then: [.hangUp(.abrupt)])
    }
  }

  private static func chunkedResponse(_ coded: [UInt8]) -> Response {
    Response(
      200,
      [("Content-Type", "application/octet-stream"), ("Transfer-Encoding", "chunked")],
      body: coded)
  }

  private static func chunks(_ bytes: [UInt8], of size: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: size).flatMap { start in
      let chunk = bytes[start..<min(start + size, bytes.count)]
      return Array((String(chunk.count, radix: 16) + "\r\n").utf8) + chunk + [13, 10]
    }
  }
}
