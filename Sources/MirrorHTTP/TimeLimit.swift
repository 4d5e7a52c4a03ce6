internal import AsyncHTTPClient

/// Runs an operation that has to end within a time.
///
/// - Throws: what the operation throws, or `HTTPClientError.readTimeout`.
func within<Result: Sendable>(
  _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let end = ContinuousClock.now + limit
  return try await until({ end }, operation)
}

/// Runs an operation that has to end until a time, which may move while it gets on.
///
/// - Throws: what the operation throws, or `HTTPClientError.readTimeout`.
func until<Result: Sendable>(
  _ end: @escaping @Sendable () -> ContinuousClock.Instant,
  _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      while end() > .now { try await Task.sleep(until: end()) }
      throw HTTPClientError.readTimeout
    }
    defer { group.cancelAll() }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
