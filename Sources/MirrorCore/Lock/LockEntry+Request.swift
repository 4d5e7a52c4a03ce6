extension Resolver {
  /// The request for a line of the lock, held to all that the line says.
  ///
  /// - Returns: `nil` when the line is not one of this ecosystem's.
  package func request(heldTo entry: LockEntry) -> Request? {
    guard entry.ecosystem == ecosystem, var request = request(for: entry),
      request.identity == entry.identity
    else { return nil }
    if let origin = entry.origin.flatMap({ Locator($0) }),
      origin.identity != request.origin.identity
    {
      request.origin = origin
    }
    request.changes = entry.changes
    request.isRecorded = true
    request.attributes.merge(entry.attributes) { $1 }
    if let (digest, size) = entry.bytes {
      request.digests = [digest] + request.digests.filter { $0.algorithm != .sha256 }
      request.size = size
    }
    return request
  }
}
