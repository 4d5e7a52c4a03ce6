/// Work on many things at once, as many as one server is asked for without being a burden.
enum Parallel {
  private static let width = 8

  /// Does the work, and gives the results in the order of the things.
  ///
  /// - Parameters:
  ///   - goesOn: told of each result as it comes; when it says no, what is under way is cancelled, and the
  ///     rest is left out of the results.
  static func map<Thing: Sendable, Result: Sendable>(
    _ things: [Thing], _ work: @escaping @Sendable (Thing) async -> Result,
    goesOn: (Result) -> Bool
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var waiting = things.enumerated().makeIterator()
      func start(_ group: inout TaskGroup<(Int, Result)>) {
        guard let (index, thing) = waiting.next() else { return }
        group.addTask { (index, await work(thing)) }
      }
      for _ in 0..<width { start(&group) }
      var results: [Int: Result] = [:]
      while let (index, result) = await group.next() {
        results[index] = result
        guard goesOn(result) else {
          group.cancelAll()
          break
        }
        start(&group)
      }
      return things.indices.compactMap { results[$0] }
    }
  }
}
