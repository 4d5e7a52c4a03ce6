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

  /// The bytes of things, for reading.
  ///
  /// - Returns: the files, and a line for each thing that the store lacks.
  static func files(
    of things: [LockedThing], in store: Store
  ) throws(MirrorError) -> (files: [Digest: OpenFile], missing: [String]) {
    var files: [Digest: OpenFile] = [:]
    var missing: [String] = []
    for thing in things where files[thing.digest] == nil {
      do throws(MirrorError) {
        files[thing.digest] = try store.object(thing.digest)
      } catch {
        guard error.code == .corrupt else { throw error }
      }
      if files[thing.digest] == nil { missing.append("\(thing.name) \(thing.digest)") }
    }
    return (files, missing)
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
