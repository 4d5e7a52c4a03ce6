import MirrorCore
import MirrorHTTP

/// Puts everything that a lock names where one mirror will look for it.
struct Push {
  let things: [LockedThing]
  let settings: SourceSettings
  let session: Session
  let console: Console

  /// What came of one thing.
  private enum Result: Sendable {
    case uploaded(Int)
    case present
    case failed(String, MirrorError.Code)

    var isUnavailable: Bool {
      if case .failed(_, .unavailable) = self { true } else { false }
    }
  }

  /// Prepares to fill the mirror of that name.
  ///
  /// - Throws: `misconfigured` when there is none, or no chain of an ecosystem in the lock asks it.
  init(
    _ things: [LockedThing], to name: String, in session: Session, _ console: Console
  ) throws(MirrorError) {
    guard let settings = session.configuration.mirrors[name] else {
      let near = NearestWord.to(name, among: session.configuration.mirrors.keys)
      throw MirrorError(
        .misconfigured,
        "no mirror is named '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    self.settings = settings
    self.session = session
    self.console = console
    self.things = things.filter { Self.mirror(name, for: $0.request, in: session) != nil }
    guard !self.things.isEmpty else {
      throw MirrorError(
        .misconfigured,
        "\(name): nothing in the lock is ever asked of it; name it in the chain of an ecosystem")
    }
  }

  private static func mirror(
    _ name: String, for request: Request, in session: Session
  ) -> (any Mirror)? {
    session.chains[request.ecosystem]?.sources.first { $0.name == name }?.mirror
  }

  /// Uploads what is not there, and says what came of it.
  ///
  /// - Returns: the exit code: that of the first thing that could not be uploaded.
  func run() async throws(MirrorError) -> Int32 {
    let missing = try LockedThing.missing(of: things, in: session.store)
    guard missing.isEmpty else { return console.report(missing: missing) }
    try checkPlaces()
    var results: [Result] = []
    var silence = 0
    // An index comes after what it names, so that nobody is sent for what is not there yet.
    for isIndex in [false, true] where silence < Self.mostSilence {
      let part = things.filter { $0.request.changes == isIndex }
      let done = results.count
      var count = 0
      results += await Parallel.map(part) { thing in
        await upload(thing)
      } goesOn: { result in
        count += 1
        silence = result.isUnavailable ? silence + 1 : 0
        if case .failed(let line, _) = result {
          console.showProgress("")
          console.warn("not uploaded: \(line)")
        }
        console.showProgress("\(done + count) of \(things.count)")
        return silence < Self.mostSilence
      }
    }
    console.showProgress("")
    return say(results)
  }

  /// After so many things in a row that the mirror did not answer for, it is left alone.
  private static let mostSilence = 3

  /// Finds out, before anything is uploaded, whether two things that differ have the same place there.
  private func checkPlaces() throws(MirrorError) {
    var places: [Locator: LockedThing] = [:]
    for thing in things {
      let mirror = Self.mirror(settings.name, for: thing.request, in: session)
      guard let place = mirror?.locator(of: thing.request) else { continue }
      guard let other = places.updateValue(thing, forKey: place), other.digest != thing.digest
      else { continue }
      throw MirrorError(
        .misconfigured,
        "\(place): would be two things, \(other.name) and \(thing.name); give the mirror a layout "
          + "that tells them apart, such as {scheme}/{host}/{path}?{query} or sha256")
    }
  }

  private func say(_ results: [Result]) -> Int32 {
    var uploaded: [Int] = []
    var present = 0
    var failures: [MirrorError.Code] = []
    for result in results {
      switch result {
      case .uploaded(let size): uploaded.append(size)
      case .present: present += 1
      case .failed(_, let code): failures.append(code)
      }
    }
    let size = RunReport.size(uploaded.reduce(0, +))
    console.say("\(settings.name): \(uploaded.count) uploaded, \(size); \(present) were there")
    guard let first = failures.first else { return 0 }
    console.warn("\(failures.count) could not be uploaded")
    let rest = things.count - results.count
    if rest > 0 {
      console.warn(
        "\(settings.name) did not answer for \(Self.mostSilence) things in a row; \(rest) more were "
          + "not tried, push again when it is back")
    }
    return first.exitCode
  }

  // MARK: One thing

  private func upload(_ thing: LockedThing) async -> Result {
    do throws(MirrorError) {
      let file = try session.store.present(thing.digest)
      return try await place(thing, file) ? .uploaded(thing.size) : .present
    } catch {
      return .failed(error.message, error.code)
    }
  }

  /// - Returns: whether it had to be uploaded.
  private func place(_ thing: LockedThing, _ file: OpenFile) async throws(MirrorError) -> Bool {
    var hash = ContentHash(also: [.md5, .sha1])
    try file.hash(first: thing.size, into: &hash, path: session.store.path)
    let digests = hash.digests()
    guard digests.first == thing.digest else {
      throw MirrorError(.corrupt, "\(thing.name): was damaged in the store; run mirror check")
    }
    var request = thing.request
    // A layout may name things by their MD5, which no lock holds.
    request.digests += digests.dropFirst()
    guard let mirror = Self.mirror(settings.name, for: request, in: session),
      let locator = mirror.locator(of: request)
    else {
      throw MirrorError(
        .misconfigured,
        "\(thing.name): \(settings.name) has no place for it that an upload could fill; use its own "
          + "tools, or give it a layout")
    }
    if locator.scheme == "file" {
      let path = String(PercentEncoding.decode(locator.path).drop { $0 == "/" })
      let tree = TreeWriter(root: "")
      if try tree.holds(file, at: path) == false, !thing.request.changes {
        throw Self.isTaken(locator, by: thing)
      }
      return try tree.write(file, at: path)
    }
    var retrieval = settings.retrieval(of: locator, for: request)
    retrieval.reloads = true
    if let holding = try await session.transport.holding(at: retrieval),
      let isSame = try await isSame(holding, thing, digests, retrieval)
    {
      if isSame { return false }
      // An index is to be another one; nothing else is.
      guard thing.request.changes else { throw Self.isTaken(locator, by: thing) }
    }
    try await session.transport.put(file, size: thing.size, digests: digests, at: retrieval)
    try await verify(thing, digests, retrieval)
    return true
  }

  /// Whether what is there is the thing: by the checksums that the server names, else by getting it.
  ///
  /// - Returns: `nil` when it is not there any more.
  private func isSame(
    _ holding: Holding, _ thing: LockedThing, _ digests: [Digest], _ retrieval: Retrieval
  ) async throws(MirrorError) -> Bool? {
    let named = holding.digests.filter { other in
      digests.contains { $0.algorithm == other.algorithm }
    }
    guard named.isEmpty else { return named.allSatisfy(digests.contains) }
    if let size = holding.size, size != thing.size { return false }
    // A bucket's tag is the MD5 of the bytes, or by parts and by keys something else that proves nothing.
    let md5 = digests.first { $0.algorithm == .md5 }
    if settings.s3Region != nil, let md5, holding.entityTag == "\"\(md5.hex)\"" { return true }
    return try await digest(at: retrieval).map { $0 == thing.digest }
  }

  /// The SHA-256 of what the mirror gives; `nil` when it gives nothing.
  private func digest(at retrieval: Retrieval) async throws(MirrorError) -> Digest? {
    let sink = DigestSink()
    guard case .content = try await session.transport.get(retrieval, to: sink) else { return nil }
    return sink.digest
  }

  private static func isTaken(_ locator: Locator, by thing: LockedThing) -> MirrorError {
    MirrorError(
      .corrupt,
      "\(thing.name): \(locator) is something else already, which nothing here replaces; "
        + "remove it there first")
  }

  /// Sees that what was uploaded is what the mirror gives now: by the checksum it computed, else by
  /// getting it back.
  private func verify(
    _ thing: LockedThing, _ digests: [Digest], _ retrieval: Retrieval
  ) async throws(MirrorError) {
    let holding = try await session.transport.holding(at: retrieval)
    var got = holding?.digests.first { $0.algorithm == .sha256 }
    if got == nil { got = try await digest(at: retrieval) }
    guard got == thing.digest else {
      throw MirrorError(
        .corrupt,
        "\(thing.name): \(settings.name) took the upload, but gives "
          + "\(got?.description ?? "nothing") for \(thing.digest)")
    }
  }
}
