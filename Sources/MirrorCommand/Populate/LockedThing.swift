import MirrorCore

/// A thing that a lock names, as the request that stands for it.
struct LockedThing: Sendable {
  /// The request, held to the line of the lock.
  var request: Request
  /// What its bytes are.
  var digest: Digest
  /// Their length in bytes.
  var size: Int

  /// How messages call it.
  var name: String { "\(request.ecosystem) \(request.identity)" }

  /// Everything in a lock that has bytes, in its order.
  ///
  /// - Throws: `misconfigured` when there is no lock, or an ecosystem of it is not built in.
  static func all(
    inLockAt path: String, for resolvers: [any Resolver]
  ) throws(MirrorError) -> [LockedThing] {
    let lock = try Lockfile(contentsOf: path)
    guard !lock.isEmpty else {
      throw MirrorError(.misconfigured, "\(path): there is no lock; record it with mirror run")
    }
    var things: [LockedThing] = []
    for entry in lock.entries {
      guard let (digest, size) = entry.bytes else { continue }
      guard let resolver = resolvers.first(where: { $0.ecosystem == entry.ecosystem }) else {
        throw MirrorError(
          .misconfigured, "\(path): this mirror was built without \(entry.ecosystem)")
      }
      guard let request = resolver.request(heldTo: entry) else {
        throw MirrorError(
          .misconfigured,
          "\(path): \(entry.identity) is no name of \(entry.ecosystem)'s; restore the line from "
            + "version control")
      }
      things.append(LockedThing(request: request, digest: digest, size: size))
    }
    return things
  }

  /// A line for each of the things that the store lacks.
  static func missing(
    of things: [LockedThing], in store: Store
  ) throws(MirrorError) -> [String] {
    var present: Set<Digest> = []
    var missing: [String] = []
    for thing in things where !present.contains(thing.digest) {
      do throws(MirrorError) {
        if try store.object(thing.digest) != nil { present.insert(thing.digest) }
      } catch {
        guard error.code == .corrupt else { throw error }
      }
      if !present.contains(thing.digest) { missing.append("\(thing.name) \(thing.digest)") }
    }
    return missing
  }
}

extension Store {
  /// The bytes of that SHA-256, which were here a moment ago.
  ///
  /// - Throws: `offline` when they are not here any more.
  func present(_ digest: Digest) throws(MirrorError) -> OpenFile {
    guard let file = try object(digest) else {
      throw MirrorError(.offline, "\(digest): not in the store; run mirror pull")
    }
    return file
  }
}

extension Console {
  /// Names everything that the store lacks, and what to do.
  ///
  /// - Returns: the exit code.
  func report(missing: [String]) -> Int32 {
    for line in missing { warn("missing: \(line)") }
    warn("\(missing.count) of the lock's things are not in the store; mirror pull brings them in")
    return MirrorError.Code.offline.exitCode
  }
}
