import MirrorCore
import MirrorGateway
import MirrorTesting
import Testing

/// Heads, ranges and conditions: the shapes of an answer with the same bytes.
@Suite(.timeLimit(.minutes(2))) struct ShapeTests {
  private static let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  /// Whether the thing is in the store already, or fetched for this answer.
  enum Warmth: String, CaseIterable, Sendable { case cold, warm }

  private func ask(
    _ warmth: Warmth, _ headers: [String] = [], method: String = "GET",
    body: @Sendable (ToolClient.Answer, GatewayFixture) async throws -> Void
  ) async throws {
    try await GatewayFixture.run { _, origin in
      origin.script(
        "/a.bin",
        .file(
          Self.bytes, etag: "v1", lastModified: Self.date, contentType: "application/x-thing",
          contentDisposition: "attachment; filename=b.bin"))
      var plan = GatewayFixture.Plan()
      plan.hasMirror = false
      return plan
    } body: { fixture in
      let target = "\(fixture.origin.url)/a.bin"
      if warmth == .warm { #expect(try await fixture.tool.ask(target).body == Self.bytes) }
      try await body(fixture.tool.ask(target, method: method, headers: headers), fixture)
      #expect(fixture.origin.requests.count == 1)
    }
  }

  @Test(arguments: Warmth.allCases)
  func `answers GET with what the origin said of the bytes`(warmth: Warmth) async throws {
    try await ask(warmth) { answer, _ in
      #expect(answer.status == 200 && answer.isComplete)
      #expect(answer.body == Self.bytes)
      #expect(answer.headers["content-length"] == "1000")
      #expect(answer.headers["content-type"] == "application/x-thing")
      #expect(answer.headers["content-disposition"] == "attachment; filename=b.bin")
      #expect(answer.headers["last-modified"] == Self.date)
      #expect(answer.headers["etag"] == "\"v1\"")
      #expect(answer.headers["accept-ranges"] == "bytes")
    }
  }

  @Test(arguments: Warmth.allCases)
  func `answers HEAD with the same head and no body`(warmth: Warmth) async throws {
    try await ask(warmth, method: "HEAD") { answer, fixture in
      #expect(answer.status == 200)
      #expect(answer.body.isEmpty)
      #expect(answer.headers["content-length"] == "1000")
      #expect(answer.headers["etag"] == "\"v1\"")
      // The whole is fetched, so that the question can be repeated offline.
      if warmth == .cold {
        let entry = try #require(await fixture.nextFetchEntry())
        #expect(entry.outcome == "served" && entry.size == 1000)
      }
    }
  }

  // MARK: Ranges

  @Test(
    arguments: Warmth.allCases,
    [
      ("bytes=0-9", 0..<10), ("bytes=10-19", 10..<20), ("bytes=990-", 990..<1000),
      ("bytes=0-", 0..<1000), ("bytes=-10", 990..<1000), ("bytes=-5000", 0..<1000),
      ("bytes=999-999", 999..<1000), ("bytes=500-4000", 500..<1000), ("Bytes=0-0", 0..<1),
      ("bytes=0-9223372036854775807", 0..<1000),
    ])
  func `answers a range with that part`(
    warmth: Warmth, part: (header: String, bounds: Range<Int>)
  ) async throws {
    try await ask(warmth, ["Range: \(part.header)"]) { answer, _ in
      #expect(answer.status == 206 && answer.isComplete)
      #expect(answer.body == Array(Self.bytes[part.bounds]))
      #expect(
        answer.headers["content-range"]
          == "bytes \(part.bounds.lowerBound)-\(part.bounds.upperBound - 1)/1000")
      #expect(answer.headers["content-length"] == "\(part.bounds.count)")
    }
  }

  @Test(arguments: Warmth.allCases, ["bytes=1000-", "bytes=1000-1001", "bytes=5000-6000"])
  func `answers a range behind the end with the length`(
    warmth: Warmth, header: String
  ) async throws {
    try await ask(warmth, ["Range: \(header)"]) { answer, _ in
      #expect(answer.status == 416 && answer.isComplete)
      #expect(answer.headers["content-range"] == "bytes */1000")
      #expect(answer.body.isEmpty)
    }
  }

  @Test(
    arguments: Warmth.allCases,
    ["bytes=0-9,20-29", "bytes=9-0", "bytes=-0", "bytes=", "bytes=a-b", "lines=0-9", "0-9"])
  func `answers several ranges, and what is no range, with the whole`(
    warmth: Warmth, header: String
  ) async throws {
    try await ask(warmth, ["Range: \(header)"]) { answer, _ in
      #expect(answer.status == 200 && answer.isComplete)
      #expect(answer.body == Self.bytes)
    }
  }

  @Test(
    arguments: Warmth.allCases,
    [
      "\"v1\"", "\"v2\"", "W/\"v1\"", Self.date, "Mon, 07 Nov 1994 08:49:37 GMT", "yesterday",
    ])
  func `continues only what the client began with`(
    warmth: Warmth, condition: String
  ) async throws {
    try await ask(warmth, ["Range: bytes=900-", "If-Range: \(condition)"]) { answer, _ in
      // A date counts where it is the file's own (RFC 9110, 13.1.5).
      let holds = condition == "\"v1\"" || condition == Self.date
      #expect(answer.status == (holds ? 206 : 200))
      #expect(answer.body == (holds ? Array(Self.bytes[900...]) : Self.bytes))
    }
  }

  // MARK: Conditions

  @Test(
    arguments: Warmth.allCases,
    [
      "If-None-Match: \"v1\"", "If-None-Match: W/\"v1\"", "If-None-Match: \"v0\", \"v1\"",
      "If-None-Match: *", "If-Modified-Since: \(Self.date)",
      "If-Modified-Since: Mon, 07 Nov 1994 08:49:37 GMT",
    ])
  func `says that nothing changed to a client that has it`(
    warmth: Warmth, condition: String
  ) async throws {
    try await ask(warmth, [condition]) { answer, _ in
      #expect(answer.status == 304)
      #expect(answer.body.isEmpty)
      #expect(answer.headers["etag"] == "\"v1\"")
    }
  }

  @Test(
    arguments: Warmth.allCases,
    [
      "If-None-Match: \"v2\"", "If-None-Match: v1x", "If-Modified-Since: yesterday",
      "If-Modified-Since: Sat, 05 Nov 1994 08:49:37 GMT",
    ])
  func `gives the whole to a client that has something else`(
    warmth: Warmth, condition: String
  ) async throws {
    try await ask(warmth, [condition]) { answer, _ in
      #expect(answer.status == 200 && answer.body == Self.bytes)
    }
  }

  @Test(arguments: Warmth.allCases)
  func `prefers the tag to the date`(warmth: Warmth) async throws {
    let headers = ["If-None-Match: \"v2\"", "If-Modified-Since: \(Self.date)"]
    try await ask(warmth, headers) { answer, _ in
      #expect(answer.status == 200 && answer.body == Self.bytes)
    }
  }
}
