import MirrorCore

/// Fetches inputs through a chain, a few at a time, and says how far each has come.
struct InputFetcher: Sendable {
  let chain: FallbackChain
  let report: @Sendable (String) -> Void

  /// Fetches all of them.
  ///
  /// - Throws: the first failure; the other transfers are cancelled, and what came is kept to be continued.
  func fetch(_ inputs: [Input]) async throws(MirrorError) {
    let result = await withTaskGroup(of: Result<Void, MirrorError>.self) { group in
      for input in inputs {
        group.addTask {
          do throws(MirrorError) {
            return .success(try await fetch(input))
          } catch {
            return .failure(error)
          }
        }
      }
      for await result in group {
        if case .failure = result {
          group.cancelAll()
          return result
        }
      }
      return .success(())
    }
    try result.get()
  }

  private func fetch(_ input: Input) async throws(MirrorError) {
    let growth = Growth()
    // What the store has does not grow: the watcher is cancelled where this function ends.
    async let _ = show(growth, of: input)
    let resolution = await chain.resolve(input.request, shownTo: growth)
    switch resolution {
    case .satisfied(let delivery, _):
      report("\(input.request.fileName): \(delivery.size) bytes from \(delivery.source)")
    case .missed:
      throw MirrorError(.unavailable, "\(input.request.identity): nobody has it")
    case .failed(let error, _):
      throw error
    }
  }

  private func show(_ growth: Growth, of input: Input) async {
    var offset = 0
    while case .ready(_, let count) = await growth.progress(after: offset) {
      report("\(input.request.fileName): \(count) bytes so far")
      offset = count
    }
  }
}
