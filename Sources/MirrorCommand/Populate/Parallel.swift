/// Work on many things at once, as many as one server is asked for without being a burden.
enum Parallel {
  private static let width = 8

  /// Does the work, and gives the results in the order of the things.
  ///
  /// - Parameter progress: told of each result as it comes.
  static func map<Thing: Sendable, Result: Sendable>(
    _ things: [Thing], _ work: @escaping @Sendable (Thing) async -> Result,
    progress: (Result) -> Void
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
        progress(result)
        start(&group)
      }
      return things.indices.compactMap { results[$0] }
    }
  }
}
