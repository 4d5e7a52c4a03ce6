public import MirrorCore

/// The repositories of `versions-git` as requests, each with its commit.
public struct GitImport: Sendable {
  /// The requests: for the refs of each repository, with HEAD at the commit of the list.
  public private(set) var requests: [Request] = []
  /// What the list says that is no repository with a commit, one line each.
  public private(set) var faults: [String] = []

  /// Reads a list.
  ///
  /// - Parameter naming: the request for the refs of a repository, as the ecosystem makes it.
  public init(_ list: VersionList, naming: (String) -> Request?) {
    for (url, version) in list.entries {
      let commit = version.lowercased()
      guard commit.utf8.count == 40 || commit.utf8.count == 64, commit.allSatisfy(\.isHexDigit),
        var request = naming(url)
      else {
        faults.append("\(Locator(url)?.identity ?? url): is no repository with a commit")
        continue
      }
      request.attributes["commit"] = commit
      requests.append(request)
    }
  }
}
