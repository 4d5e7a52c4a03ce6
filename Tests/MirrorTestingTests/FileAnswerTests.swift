import MirrorTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileAnswerTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var headers: [String]
    var status: Int
    var body: String
    var header: String?
    var testDescription: String { headers.joined(separator: ", ") }
  }

  static let date = "Wed, 01 Jan 2025 00:00:00 GMT"
  static let file = FaultAnswer.file(
    Array("0123456789".utf8), etag: "v1", lastModified: date,
    contentDisposition: "attachment; filename=a.txt")

  @Test(arguments: [
    Case(headers: [], status: 200, body: "0123456789", header: "ETag: \"v1\""),
    Case(headers: ["Range: bytes=4-"], status: 206, body: "456789"),
    Case(
      headers: ["Range: bytes=4-6"], status: 206, body: "456", header: "Content-Range: bytes 4-6/10"
    ),
    Case(
      headers: ["Range: bytes=8-99"], status: 206, body: "89", header: "Content-Range: bytes 8-9/10"
    ),
    Case(headers: ["Range: bytes=-3"], status: 206, body: "789"),
    Case(
      headers: ["Range: bytes=10-"], status: 416, body: "", header: "Content-Range: bytes */10"),
    Case(headers: ["Range: bytes=6-4"], status: 200, body: "0123456789"),
    Case(headers: ["Range: bytes=0-1,4-5"], status: 200, body: "0123456789"),
    Case(headers: ["Range: bytes=4-", "If-Range: \"v1\""], status: 206, body: "456789"),
    Case(headers: ["range: bytes=4-", "if-range: \(date)"], status: 206, body: "456789"),
    Case(headers: ["Range: bytes=4-", "If-Range: \"v0\""], status: 200, body: "0123456789"),
    Case(headers: ["If-None-Match: \"v0\", W/\"v1\""], status: 304, body: ""),
    Case(headers: ["If-None-Match: *"], status: 304, body: "", header: "ETag: \"v1\""),
    Case(headers: ["If-None-Match: \"v0\""], status: 200, body: "0123456789"),
    Case(headers: ["If-Modified-Since: \(date)"], status: 304, body: ""),
    Case(
      headers: ["If-Modified-Since: Sun, 02 Feb 2025 00:00:00 GMT"], status: 304, body: ""),
    Case(
      headers: ["If-Modified-Since: Tue, 31 Dec 2024 23:59:59 GMT"], status: 200,
      body: "0123456789"),
  ])
  func `answers conditions and ranges as an honest server does`(example: Case) async throws {
    try await FaultServer.run { server in
      server.script("/a", Self.file)
      let response = try await RawClient.exchange(server, "GET /a", example.headers)
      #expect(response.status == example.status)
      #expect(response.body == example.body)
      if let header = example.header { #expect(response.headers.contains(header)) }
    }
  }

  @Test func `describes the file to a HEAD and sends none of it`() async throws {
    try await FaultServer.run { server in
      server.script("/a", Self.file)
      let response = try await RawClient.exchange(server, "HEAD /a")
      #expect(response.status == 200)
      #expect(response.body == "")
      #expect(response.headers.contains("Content-Length: 10"))
      #expect(response.headers.contains("Accept-Ranges: bytes"))
      #expect(response.headers.contains("Content-Disposition: attachment; filename=a.txt"))
      #expect(response.headers.contains("Last-Modified: \(Self.date)"))
    }
  }

  @Test func `never resumes on a weak tag`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Array("0123456789".utf8), etag: "W/\"v1\""))
      let response = try await RawClient.exchange(
        server, "GET /a", ["Range: bytes=4-", "If-Range: W/\"v1\""])
      #expect(response.status == 200)
    }
  }

  @Test func `can be a server that knows no ranges`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Array("0123456789".utf8), honoursRanges: false))
      let response = try await RawClient.exchange(server, "GET /a", ["Range: bytes=4-"])
      #expect(response.status == 200)
      #expect(!response.headers.contains("Accept-Ranges: bytes"))
    }
  }
}
