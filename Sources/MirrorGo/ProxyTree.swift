import MirrorCore

/// The files of a static module proxy: what a lock has, under the names that go asks for.
///
/// A list that was recorded stays as it is, so that `go mod tidy` decides as it did. Where none was, go is
/// shown the versions that are there.
struct ProxyTree {
  let files: [StaticFile]

  init(_ entries: [LockEntry]) {
    var files: [String: StaticFile.Bytes] = [:]
    var versions: [ModulePath: Set<String>] = [:]
    for entry in entries {
      guard let path = ProxyPath(entry.identity), let digest = entry.bytes?.digest else { continue }
      files[path.text] = .stored(digest)
      if let database = path.sumDatabase {
        // A file that is there says that the proxy speaks for the database.
        files[ProxyPath.sumSupported(database).text] = .made([])
      }
      // Pseudo-versions may stand in the list as well: go leaves them out by itself.
      if case .mod(let module, let version) = path {
        versions[module, default: []].insert(version.description)
      }
    }
    for (module, versions) in versions where files[ProxyPath.list(module).text] == nil {
      let list = versions.sorted().map { "\($0)\n" }.joined()
      files[ProxyPath.list(module).text] = .made(Array(list.utf8))
    }
    self.files = files.sorted { $0.key < $1.key }.map { StaticFile(path: $0.key, bytes: $0.value) }
  }
}
