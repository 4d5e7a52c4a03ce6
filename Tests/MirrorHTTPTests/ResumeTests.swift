import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ResumeTests {
  private static let file = Array("0123456789".utf8)
  private static let other = Array("abcdefghij".utf8)
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  /// What was asked of a server that answers as told, and what came of it.
  ///
  /// - Parameter left: what an earlier run left of the server's file.
  private func get(
    _ answers: [FaultAnswer], patience: Patience = .quick, left: String? = nil
  ) async throws -> (text: String, ranges: [String?], requests: [SeenRequest]) {
    try await FaultServer.run { server in
      let script = FaultScript(answers)
      let sink = FileSink(
        holding: left ?? "",
        of: left.map { _ in Content(location: server.url + "/a", size: 10, entityTag: "\"v1\"") })
      server.script("/a", .choosing { _ in script.next() })
      let text = try await HTTPTransport.run(patience: patience) {
        try await $0.get(server.url + "/a", to: sink).text
      }
      return (text, server.requests.map { $0.headers["range"] }, server.requests)
    }
  }

  @Test func `continues by a strong entity tag`() async throws {
    let (text, ranges, requests) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"), .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-"])
    #expect(requests.last?.headers["if-range"] == "\"v1\"")
  }

  @Test func `continues by the date where there is no tag`() async throws {
    let (text, ranges, requests) = try await get([
      .truncated(Self.file, after: 4, lastModified: Self.date),
      .file(Self.file, lastModified: Self.date),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-"])
    #expect(requests.last?.headers["if-range"] == Self.date)
  }

  @Test(arguments: ["W/\"v1\"", nil])
  func `begins anew where nothing strong identifies the file`(etag: String?) async throws {
    let (text, ranges, requests) = try await get([
      .truncated(Self.file, after: 4, etag: etag), .file(Self.file, etag: etag),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, nil])
    #expect(requests.last?.headers["if-range"] == nil)
  }

  @Test func `continues as often as it breaks off`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 3, etag: "v1"),
      .partTruncated(Self.file, from: 3, after: 3, etag: "\"v1\""),
      .partTruncated(Self.file, from: 6, after: 2, etag: "\"v1\""),
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=3-", "bytes=6-", "bytes=8-"])
  }

  @Test func `takes the whole from a server that knows no ranges`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .file(Self.file, etag: "v1", honoursRanges: false),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-"])
  }

  @Test func `takes the whole of a file that changed in between`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"), .file(Self.other, etag: "v2"),
    ])
    #expect(text == "abcdefghij")
    #expect(ranges == [nil, "bytes=4-"])
  }

  @Test func `does not join what another part of the file`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"), .wrongContentRange(Self.file, etag: "v1"),
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-", nil])
  }

  @Test(arguments: [
    "bytes 3-9/10", "bytes 5-9/10", "bytes 4-9/11", "bytes 4-9", "4-9/10", "bytes */10",
    "items 4-9/10", "bytes 9-4/10", "bytes 4-9/5", "bytes 4-8/10", "bytes four-9/10", "",
  ])
  func `does not trust a 206 that does not say it continues`(range: String) async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .status(
        206, headers: ["Content-Range": range, "ETag": "\"v1\""], body: Array("456789".utf8)),
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-", nil])
  }

  @Test func `does not believe a length that cannot be`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .status(
        206,
        headers: [
          "Content-Range": "bytes 4-9/10", "ETag": "\"v1\"", "Content-Length": "\(Int.max)",
          "Connection": "close",
        ], body: Array("456789".utf8)),
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789" && ranges.count >= 2)
  }

  @Test(arguments: ["bytes 4-9/10", "bytes 4-9/*", "Bytes 4-9/10"])
  func `trusts a 206 that does`(range: String) async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .status(
        206, headers: ["Content-Range": range, "ETag": "\"v1\""], body: Array("456789".utf8)),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-"])
  }

  @Test func `does not take a part that ends early for the rest`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      FaultAnswer { _ in
        let head =
          "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\n"
          + "Connection: close\r\n\r\n"
        return [.send(Array("\(head)45".utf8)), .hangUp(.orderly)]
      },
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges == [nil, "bytes=4-", "bytes=6-"])
  }

  @Test(arguments: [2, 9]) func `takes no part that is not as long as it says`(
    count: Int
  )
    async throws
  {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .status(
        206, headers: ["Content-Range": "bytes 4-9/10", "ETag": "\"v1\""],
        body: Array("456789abc".utf8.prefix(count))),
      .file(Self.file, etag: "v1"),
    ])
    #expect(text == "0123456789")
    #expect(ranges.count >= 3)
  }

  @Test func `does not continue at another host what one of its kind began`() async throws {
    try await FaultServer.run { one in
      one.script("/b", .truncated(Self.file, after: 4, lastModified: Self.date))
      try await FaultServer.run { other in
        other.script("/b", .file(Self.other, lastModified: Self.date))
        try await FaultServer.run { server in
          server.script("/a", .redirect(to: one.url + "/b"), .redirect(to: other.url + "/b"))
          try await HTTPTransport.run { transport in
            let text = try await transport.get(server.url + "/a").text
            #expect(text == "abcdefghij")
          }
          #expect(server.requests.map { $0.headers["range"] } == [nil, nil])
        }
        #expect(other.requests.map { $0.headers["range"] } == [nil])
      }
    }
  }

  @Test func `does not trust a 206 of another tag`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"),
      .status(
        206, headers: ["Content-Range": "bytes 4-9/10", "ETag": "\"v2\""],
        body: Array("efghij".utf8)),
      .file(Self.other, etag: "v2"),
    ])
    #expect(text == "abcdefghij")
    #expect(ranges == [nil, "bytes=4-", nil])
  }

  @Test func `is unavailable where a server gives a part that nobody asked for`() async throws {
    try await FaultServer.run { server in
      server.script(
        "/a",
        .status(206, headers: ["Content-Range": "bytes 0-3/4"], body: Array("0123".utf8)))
      try await HTTPTransport.run { transport in
        let error = try await transport.failure(of: server.url + "/a")
        #expect(error.code == .unavailable)
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test func `begins anew after 416`() async throws {
    let (text, ranges, _) = try await get([
      .truncated(Self.file, after: 4, etag: "v1"), .status(416), .file(Self.other, etag: "v2"),
    ])
    #expect(text == "abcdefghij")
    #expect(ranges == [nil, "bytes=4-", nil])
  }

  @Test func `takes 416 without a range for a failure`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .status(416))
      try await HTTPTransport.run { transport in
        let code = try await transport.failure(of: server.url + "/a").code
        #expect(code == .unavailable)
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func `begins anew where the server has less than is here`() async throws {
    let (text, ranges, _) = try await get(
      [.file(Array("012".utf8), etag: "v1")], left: "0123456789")
    #expect(text == "012")
    #expect(ranges == ["bytes=10-", nil])
  }

  @Test func `continues what an earlier run left`() async throws {
    let (text, ranges, _) = try await get([.file(Self.file, etag: "v1")], left: "0123")
    #expect(text == "0123456789")
    #expect(ranges == ["bytes=4-"])
  }

  @Test func `keeps what came for a later run when it gives up`() async throws {
    let sink = FileSink()
    try await FaultServer.run { server in
      server.script("/a", .truncated(Self.file, after: 4, etag: "v1"))
      try await HTTPTransport.run(patience: .once) { transport in
        let code = try await transport.failure(of: server.url + "/a", to: sink).code
        #expect(code == .unavailable)
      }
    }
    #expect(sink.text == "0123")
    #expect(sink.partial?.content.entityTag == "\"v1\"")
    #expect(sink.partial?.content.size == 10)
  }

  @Test func `declares the whole length when it continues`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .truncated(Self.file, after: 4, etag: "v1"), .file(Self.file, etag: "v1"))
      try await HTTPTransport.run { transport in
        let content = try await transport.get(server.url + "/a").finding.content
        #expect(content?.size == 10)
      }
    }
  }
}

extension FaultAnswer {
  /// A true 206 for the rest of a file that breaks off.
  static func partTruncated(
    _ bytes: [UInt8], from start: Int, after count: Int, etag: String
  ) -> FaultAnswer {
    FaultAnswer { _ in
      let head =
        "HTTP/1.1 206 Partial Content\r\nETag: \(etag)\r\nContent-Length: \(bytes.count - start)\r\n"
        + "Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)\r\n\r\n"
      return [.send(Array(head.utf8) + bytes[start..<start + count]), .hangUp(.abrupt)]
    }
  }
}
