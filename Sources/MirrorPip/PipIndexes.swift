import MirrorCore

/// The indexes of one run, looked up when the first of them is needed.
actor PipIndexes {
  private let surroundings: Surroundings
  private var found: [Locator]?

  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  func all() async throws(MirrorError) -> [Locator] {
    if let found { return found }
    let indexes = try await PipConfiguration.indexes(in: surroundings)
    found = indexes
    return indexes
  }
}
