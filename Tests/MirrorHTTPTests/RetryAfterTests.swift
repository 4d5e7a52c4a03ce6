import Foundation
import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// The Retry-After header, seen by how often a server is asked.
@Suite(.timeLimit(.minutes(1))) struct RetryAfterTests {
  private static func date(in seconds: Double) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: Date(timeIntervalSinceNow: seconds))
  }

  /// How often a server that sends the header is asked by somebody with these limits.
  private func requests(
    _ value: String, isGatekeeper: Bool = false, limit: Duration = .zero, last: Duration = .zero
  ) async throws -> Int {
    var patience = Patience.quick
    patience.retries = 1
    patience.retryAfterLimit = limit
    patience.lastRetryAfterLimit = last
    return try await FaultServer.run { server in
      server.script("/a", .status(503, headers: ["Retry-After": value]))
      try await HTTPTransport.run(patience: patience) { transport in
        let error = try await transport.failure(of: server.url + "/a") {
          $0.isGatekeeper = isGatekeeper
        }
        #expect(error.code == .unavailable)
      }
      return server.requests.count
    }
  }

  @Test(arguments: ["0", date(in: -60), date(in: -86_400)])
  func `is obeyed within the limit`(value: String) async throws {
    #expect(try await requests(value) == 2)
  }

  @Test(arguments: ["1", "3600", date(in: 1_000_000), "99999999"])
  func `gives up at once over the limit`(value: String) async throws {
    #expect(try await requests(value) == 1)
    #expect(try await requests(value, isGatekeeper: true) == 1)
  }

  @Test func `has a limit of its own for a source that nobody stands behind`() async throws {
    #expect(try await requests("1", isGatekeeper: true, last: .seconds(1)) == 2)
    #expect(try await requests("1", isGatekeeper: false, last: .seconds(1)) == 1)
    #expect(try await requests("1", isGatekeeper: true, limit: .seconds(1)) == 1)
  }

  @Test func `is the least there is to wait`() async throws {
    let start = ContinuousClock.now
    #expect(try await requests("1", limit: .seconds(1)) == 2)
    #expect(ContinuousClock.now - start >= .seconds(1))
  }

  @Test(arguments: ["soon", "-1", "1.5", "", "Sun Nov  6 08:49:37 1994"])
  func `is passed over where it cannot be read`(value: String) async throws {
    #expect(try await requests(value) == 2)
  }

  @Test func `allows half a minute and two minutes unless told otherwise`() {
    #expect(Patience.standard.retryAfterLimit == .seconds(30))
    #expect(Patience.standard.lastRetryAfterLimit == .seconds(120))
  }
}
