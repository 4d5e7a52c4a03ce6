internal import AsyncHTTPClient

/// Runs an operation that has to end within a time.
///
/// - Throws: what the operation throws, or `HTTPClientError.readTimeout`.
func within<Result: Sendable>(
  _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw HTTPClientError.readTimeout
    }
    defer { group.cancelAll() }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
