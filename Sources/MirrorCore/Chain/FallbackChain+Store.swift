/// The store among the sources: what it has answers without anybody being asked.
extension FallbackChain {
  /// The store's answer, where the chain names the store and the request allows it.
  ///
  /// What has to be hashed for it, and is long, is hashed beside an event loop.
  func lookUp(_ request: Request, _ trail: inout Trail) async -> Delivery? {
    guard mayLookUp(request) else { return nil }
    let question = Trail.Question(source: "store", started: .now)
    let found = await aside(when: store.size(of: request) >= longWork) {
      find(request, hashing: true)
    }
    return note(found, as: question, &trail)
  }

  /// The same, unless bytes would have to be hashed for it.
  func lookUpAtOnce(_ request: Request, _ trail: inout Trail) -> Delivery? {
    guard mayLookUp(request) else { return nil }
    let question = Trail.Question(source: "store", started: .now)
    return note(find(request, hashing: false), as: question, &trail)
  }

  private func note(
    _ found: Result<Delivery?, MirrorError>, as question: Trail.Question, _ trail: inout Trail
  ) -> Delivery? {
    switch found {
    case .success(let delivery?):
      trail.note(question, .hit)
      return delivery
    case .success(nil): break
    case .failure(let error): trail.note(question, .init(error.code), error.message)
    }
    return nil
  }

  /// Whether the store may answer a request.
  package func mayLookUp(_ request: Request) -> Bool {
    let isNamed = sources.contains { if case .store = $0.kind { true } else { false } }
    return (isNamed || policy.isOffline)
      && (!request.changes || policy.isFrozen || !request.pins.isEmpty)
  }

  private func find(_ request: Request, hashing: Bool) -> Result<Delivery?, MirrorError> {
    Result { () throws(MirrorError) in
      guard var delivery = try store.find(request, hashing: hashing), mayServe(request),
        contradiction(in: delivery.facts, of: request) == nil, isWhole(request, delivery.digest)
      else { return nil }
      // What the lock knows of these bytes is true of them wherever they lie.
      delivery.facts.merge(request.attributes) { mine, _ in mine }
      return delivery
    }
  }

  /// Whether the bytes are all there is to the thing, or the rest of it is in the store too.
  func isWhole(_ request: Request, _ digest: Digest) -> Bool {
    verifier?.isWhole(request, digest, in: store.path) ?? true
  }

  /// Whether stored bytes may answer: those of an owned name only if an owner gave them, or a pin says
  /// that they are the ones.
  private func mayServe(_ request: Request) -> Bool {
    guard policy.owns(request), request.sha256 == nil else { return true }
    let giver = store.record(for: request)?.source
    return sources.contains { $0.isOwner && $0.name == giver }
  }

  /// The fact that is not what verifier or lock know beforehand, and what it was to be.
  func contradiction(
    in facts: [String: String], of request: Request
  ) -> (got: String, expected: String)? {
    let expected = request.attributes.merging(verifier?.expectations(of: request) ?? [:]) { $1 }
    return facts.sorted { $0.key < $1.key }.lazy
      .compactMap { fact in expected[fact.key].map { (fact.value, $0) } }
      .first { $0.0 != $0.1 }
  }
}
