/// So many bytes take long enough to check that others on the same thread would notice.
let longWork = 256 << 10

/// Does work here when it is short, and otherwise on a thread that nobody waits for: who prefers an event loop
/// must not hold it up.
func aside<Result: Sendable, Failure: Error>(
  when isLong: Bool, _ work: @Sendable () throws(Failure) -> Result
) async throws(Failure) -> Result {
  guard isLong else { return try work() }
  return try await withTaskExecutorPreference(globalConcurrentExecutor) {
    () async throws(Failure) in try work()
  }
}
