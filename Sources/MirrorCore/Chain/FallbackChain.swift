/// An ordered chain of sources: the first one that can answer a request does.
///
/// These are the rules (Documentation/Chain.md has the table):
///
/// 1. Sources are asked in written order.
/// 2. A miss goes on to the next source.
/// 3. No answer goes on too, unless the source is a gatekeeper.
/// 4. Denied, insecure and misconfigured stop the request.
/// 5. Corrupt bytes are set aside and never delivered; one more try passes caches by, then a pinned
///    request goes on to a source on another server. The origin has nobody behind it.
/// 6. An owned name is asked only of its owners, and their miss is final.
/// 7. When everybody missed, the origin last, it is a miss; when nobody has it and the origin is not in
///    the chain, it is refused; when one did not answer, that is the outcome.
///
/// The chain never throws: whatever happens is in the ``Resolution``, with every attempt. When its task is
/// cancelled it breaks off, asks nobody else, and answers `unavailable`; a deadline is such a cancellation.
public struct FallbackChain: Sendable {
  /// The sources, in the order they are asked.
  public let sources: [Source]
  let store: Store
  let policy: Policy
  private let lock: Lockfile
  let verifier: (any Verifier)?
  private let memory: ChainMemory
  private let observers: [any Observer]

  /// Creates a chain.
  ///
  /// - Parameters:
  ///   - store: where verified bytes are kept; whether it also answers is a word in `sources`.
  ///   - lock: the pins to hold the sources to.
  ///   - verifier: what must be true of complete bytes beyond digest and length.
  ///   - observers: who is told of every request, in this order.
  ///   - now: a monotonic clock, for what is remembered within a run.
  public init(
    _ sources: [Source], store: Store, policy: Policy = Policy(), lock: Lockfile = Lockfile(),
    verifier: (any Verifier)? = nil, observers: [any Observer] = [],
    now: (@Sendable () -> Duration)? = nil
  ) {
    self.sources = sources
    self.store = store
    self.policy = policy
    self.lock = lock
    self.verifier = verifier
    self.observers = observers
    let start = ContinuousClock.now
    memory = ChainMemory(now: now ?? { ContinuousClock.now - start })
  }

  /// The sources that this request may be asked of, in order.
  public func sources(for request: Request) -> [Source] {
    policy.owns(request) ? sources.filter(\.isOwner) : sources
  }

  /// Resolves a request: verified bytes, a miss, or the reason why neither can be said.
  ///
  /// - Parameter growth: readers that follow the bytes while they come.
  public func resolve(_ request: Request, shownTo growth: Growth? = nil) async -> Resolution {
    var trail = Trail(request, seenBy: observers)
    return trail.end(await resolve(request, &trail, shownTo: growth))
  }

  private func resolve(
    _ request: Request, _ trail: inout Trail, shownTo growth: Growth?
  ) async -> Resolution {
    let (request, settled) = held(request)
    if let settled { return settled }
    do throws(MirrorError) {
      if let delivery = await lookUp(request, &trail) {
        return .satisfied(delivery, trail.attempts)
      }
      if policy.isOffline {
        throw MirrorError(.offline, "\(request.identity): offline, and not in the store")
      }
      let held = try await store.lock(
        request, from: sources(for: request).compactMap { $0.endpoint(for: request) })
      defer { withExtendedLifetime(held) {} }
      // Whoever had the lock before us may have fetched it.
      if let delivery = await lookUp(request, &trail) {
        return .satisfied(delivery, trail.attempts)
      }
      return await ask(request, &trail, shownTo: growth)
    } catch {
      return .failed(error, trail.attempts)
    }
  }

  /// Resolves a request where lock, policy and store can do so at once; `nil` when it takes longer.
  public func resolveLocally(_ request: Request) -> Resolution? {
    let start = ContinuousClock.now
    let resolution = settle(request)
    if let resolution, !observers.isEmpty {
      Trail.tell(observers, request, resolution, since: start)
    }
    return resolution
  }

  private func settle(_ request: Request) -> Resolution? {
    let (request, settled) = held(request)
    if let settled { return settled }
    var trail = Trail()
    return lookUpAtOnce(request, &trail).map { .satisfied($0, trail.attempts) }
  }

  // MARK: Policy

  /// The request, pinned to what the lock says, and its outcome where lock or policy settle it.
  package func held(_ request: Request) -> (Request, settled: Resolution?) {
    var request = request
    do throws(MirrorError) {
      let settled = try hold(&request)
      return (request, settled)
    } catch {
      return (request, .failed(error, []))
    }
  }

  /// Pins the request to what the lock says; settles it where the lock or the policy does.
  private func hold(_ request: inout Request) throws(MirrorError) -> Resolution? {
    // A look-up is held to the lock only where the world is to stand still.
    let known = request.changes && !policy.isFrozen ? nil : lock.entry(for: request)
    switch known?.state {
    case .absent where policy.isFrozen:
      return .missed(nil, [])
    case .present(let digest, let size):
      if let asked = request.sha256, asked != digest {
        throw MirrorError(
          .corrupt,
          "\(request.identity): asked for as \(asked), but the lock says \(digest); "
            + "if the change is meant, run mirror repin")
      }
      if request.sha256 == nil { request.digests.append(digest) }
      request.size = size
      request.attributes.merge(known?.attributes ?? [:]) { mine, _ in mine }
    case .absent:
      break
    case nil:
      if policy.isLocked {
        throw MirrorError(
          .refused, "\(request.identity): not in the lock; record it with mirror run first")
      }
    }
    if policy.isStrict, !isPinned(request), !request.changes {
      throw MirrorError(
        .refused, "\(request.identity): nothing says what it must hash to, and the run is strict")
    }
    return nil
  }

  /// Whether something says what the bytes must be.
  private func isPinned(_ request: Request) -> Bool {
    !request.pins.isEmpty || verifier?.expectations(of: request).isEmpty == false
  }

  // MARK: Sources

  private func ask(
    _ request: Request, _ trail: inout Trail, shownTo growth: Growth?
  ) async -> Resolution {
    var spoiled: Set<String> = []
    // What is said when nobody delivers: corrupt bytes outweigh silence.
    var silence: MirrorError?
    let owned = policy.owns(request)
    for source in sources(for: request) {
      guard let mirror = source.mirror, let endpoint = source.endpoint(for: request) else {
        continue
      }
      if Task.isCancelled {
        let error = MirrorError(.unavailable, "\(request.identity): cancelled")
        return .failed(error, trail.attempts)
      }
      if spoiled.contains(endpoint) {
        trail.note(
          Attempt(
            source: source.name, outcome: .unavailable,
            detail: "\(source.name): not asked, for the same server gave corrupt bytes"))
        if source.mode == .gatekeeper { break }
        continue
      }
      switch await ask(source, mirror, at: endpoint, request, &trail, shownTo: growth) {
      case .delivered(let delivery):
        return .satisfied(delivery, trail.attempts)
      case .missed(let reply):
        // A source that did not answer may have had it, so this is not known to be a miss.
        guard source.isOrigin else { continue }
        return silence.map { .failed($0, trail.attempts) } ?? .missed(reply, trail.attempts)
      case .failed(let error) where error.code == .unavailable:
        if policy.isStrict || source.mode == .gatekeeper { return .failed(error, trail.attempts) }
        if silence?.code != .corrupt { silence = error }
      case .failed(let error) where error.code == .corrupt:
        let mayGoOn =
          isPinned(request) && !policy.isStrict && source.mode == .bestEffort && !source.isOrigin
        guard mayGoOn else { return .failed(error, trail.attempts) }
        spoiled.insert(endpoint)
        if silence?.code != .corrupt { silence = error }
      case .failed(let error):
        return .failed(error, trail.attempts)
      }
    }
    if let silence { return .failed(silence, trail.attempts) }
    if owned { return .missed(nil, trail.attempts) }
    return .failed(
      MirrorError(
        .refused, "\(request.identity): no mirror has it, and the chain does not name the origin"),
      trail.attempts)
  }

  private enum Verdict {
    case delivered(Delivery)
    case missed(Reply?)
    case failed(MirrorError)
  }

  /// Asks one source: twice at most, when what it gave was not the thing.
  private func ask(
    _ source: Source, _ mirror: any Mirror, at endpoint: String, _ request: Request,
    _ trail: inout Trail, shownTo growth: Growth?
  ) async -> Verdict {
    if let reply = memory.miss(of: request.key, at: source.name), !request.changes {
      trail.note(
        Attempt(source: source.name, outcome: .miss, detail: "missed earlier in this run"))
      return .missed(reply)
    }
    if memory.isOpen(endpoint) {
      let error = MirrorError(
        .unavailable,
        "\(request.identity): \(source.name) was passed by, for it failed to answer three times; "
          + "it is asked again in a minute")
      trail.note(Attempt(source: source.name, outcome: .unavailable, detail: "breaker open"))
      return .failed(error)
    }
    var request = request
    while true {
      let question = trail.ask(source.name)
      do throws(MirrorError) {
        let asked = request
        let answer = try await trail.carry { () async throws(MirrorError) in
          try await transfer(asked, from: source, mirror, at: endpoint, growth)
        }
        memory.note(endpoint, answered: true)
        switch answer {
        case .delivered:
          trail.note(question, .hit)
        case .missed(let reply):
          let detail = reply.map { "answered \($0.status)" }
          trail.note(question, .miss, detail)
          if !request.changes {
            memory.noteMiss(of: request.key, at: source.name, reply: reply)
          }
        case .failed(let error):
          trail.note(question, .init(error.code), error.message)
          if !request.reloads {
            request.reloads = true
            continue
          }
        }
        return answer
      } catch {
        // Who gave up waiting says nothing about the source.
        if !Task.isCancelled { memory.note(endpoint, answered: error.code != .unavailable) }
        trail.note(question, .init(error.code), error.message)
        if error.code == .corrupt, !request.reloads {
          request.reloads = true
          continue
        }
        // Only the origin's words are what the tool would have been told without us.
        return .failed(source.isOrigin ? error : error.withoutReply)
      }
    }
  }

  /// Moves the bytes from one source and verifies them.
  ///
  /// - Returns: `failed` when a complete answer was not the thing; it is worth one more try.
  /// - Throws: what the source or the store threw.
  private func transfer(
    _ request: Request, from source: Source, _ mirror: any Mirror, at endpoint: String,
    _ growth: Growth?
  ) async throws(MirrorError) -> Verdict {
    let partial = try await store.partial(for: request, from: endpoint)
    // What can still fail a check is not shown before it has passed.
    if request.digests.isEmpty, verifier == nil { partial.show(to: growth) }
    let finding: Finding
    do throws(MirrorError) {
      finding = try await mirror.fetch(request, to: partial)
    } catch {
      // What cannot be continued, or does not fit on the disk, is only in the way.
      let isUseless = error.code == .misconfigured || error.code == .corrupt
      if isUseless || partial.partial == nil { partial.discard() }
      throw error
    }
    guard case .content(let content) = finding else {
      partial.discard()
      if case .nothing(let reply) = finding { return .missed(reply) }
      return .missed(nil)
    }
    let digests = partial.digests
    let facts: [String: String]
    do throws(MirrorError) {
      let isLong = verifier?.takesLong(request, size: partial.count) ?? false
      facts = try await aside(when: isLong) { () throws(MirrorError) in
        try check(partial, digests, request, from: source)
      }
    } catch {
      try store.quarantine(partial)
      return .failed(error)
    }
    guard let digest = digests.first else { return .missed(nil) }
    guard isWhole(request, digest) else {
      try store.publish(partial, digest: digest, for: request, from: source.name, facts: facts)
      return .missed(nil)
    }
    growth?.verify(partial.file, size: partial.count, content)
    // Who waits on this thread for the bytes has them before they get their name.
    await Task.yield()
    try store.publish(partial, digest: digest, for: request, from: source.name, facts: facts)
    try await aside(when: store.isDue) { () throws(MirrorError) in
      if store.isDue { try store.settle() }
    }
    return .delivered(
      Delivery(
        file: partial.file, size: partial.count, digest: digest, content: content,
        source: source.name, facts: facts))
  }

  /// Checks complete bytes.
  ///
  /// - Returns: what the ecosystem's own check brought to light.
  /// - Throws: what is wrong with them.
  private func check(
    _ partial: PartialFile, _ digests: [Digest], _ request: Request, from source: Source
  ) throws(MirrorError) -> [String: String] {
    let wrong = request.digests.first { expected in
      digests.contains { $0.algorithm == expected.algorithm && $0 != expected }
    }
    if partial.isPlainlyAnotherThing, wrong != nil || request.pins.isEmpty {
      let what = partial.count == 0 ? "nothing" : "a web page"
      throw MirrorError(
        .unavailable, "\(request.identity): \(source.name) gave \(what) instead of the file")
    }
    if let wrong {
      let got = digests.first { $0.algorithm == wrong.algorithm }
      throw MirrorError(
        .corrupt,
        "\(request.identity): \(source.name) gave \(got?.description ?? "other bytes"), "
          + "expected \(wrong); nothing was delivered")
    }
    if let size = request.size, size != partial.count {
      throw MirrorError(
        .corrupt,
        "\(request.identity): \(source.name) gave \(partial.count) bytes, expected \(size); "
          + "nothing was delivered")
    }
    guard let verifier else { return [:] }
    let facts = try verifier.examine(
      partial.file, size: partial.count, of: request, from: source.name)
    if let (got, expected) = contradiction(in: facts, of: request) {
      throw MirrorError(
        .corrupt,
        "\(request.identity): \(source.name) gave \(got), expected \(expected); "
          + "nothing was delivered")
    }
    return facts
  }
}
