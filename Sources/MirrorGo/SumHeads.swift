import Synchronization

/// The tree heads that a run's look-ups are answered with: of each checksum database and place the first.
///
/// Every look-up brings the head of that moment. Were they handed on as they come, a build would prove
/// each record in another tree, and which tiles it needs would depend on the order of its questions. With
/// one head for all of them, the tiles that were recorded are those that are asked for again.
final class SumHeads: Sendable {
  private struct Place: Hashable {
    var database: String
    var endpoint: String
  }

  private let heads = Mutex<[Place: SumHead]>([:])

  /// The same look-up under the head of this run, as long as its tree holds the record.
  func settling(_ lookup: SumLookup, of database: String, from endpoint: String) -> SumLookup {
    let place = Place(database: database, endpoint: endpoint)
    var lookup = lookup
    lookup.head = heads.withLock { heads in
      if let head = heads[place], head.size > lookup.number { return head }
      heads[place] = lookup.head
      return lookup.head
    }
    return lookup
  }
}
