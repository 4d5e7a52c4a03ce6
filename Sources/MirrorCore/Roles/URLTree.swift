/// Files by their URLs, as `wget -x` lays them out, of which no two want the same place.
package struct URLTree: Sendable {
  private struct Place {
    var identity: String
    var digest: Digest
  }

  /// What lies at each path below the tree's root.
  package let digests: [String: Digest]

  /// Lays things out.
  ///
  /// - Throws: `misconfigured` when two that differ meet at one path, or one has to be a file and a folder; it
  ///   names both.
  package init(_ things: [(request: Request, digest: Digest)]) throws(MirrorError) {
    var places: [String: Place] = [:]
    for (request, digest) in things {
      let place = Place(identity: request.identity, digest: digest)
      let old = places.updateValue(place, forKey: request.treeFile)
      if let old, old.digest != digest {
        throw Self.conflict(request.treeFile, "two things", old.identity, place.identity)
      }
    }
    for (path, place) in places {
      var folder = path[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        guard let file = places[String(folder)] else { continue }
        throw Self.conflict(String(folder), "a file and a folder", file.identity, place.identity)
      }
    }
    digests = places.mapValues(\.digest)
  }

  /// The files, in the order of their paths.
  package var files: [StaticFile] {
    digests.sorted { $0.key < $1.key }.map { StaticFile(path: $0.key, bytes: .stored($0.value)) }
  }

  private static func conflict(
    _ path: String, _ what: String, _ one: String, _ other: String
  ) -> MirrorError {
    let (first, second) = (min(one, other), max(one, other))
    return MirrorError(
      .misconfigured,
      "\(path): would be \(what), \(first) and \(second); give each a lock and a tree of its own")
  }
}
