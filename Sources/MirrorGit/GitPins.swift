public import MirrorCore

/// The commits that repositories are held to, as SONiC's `versions-git` lists them: `URL==COMMIT`.
///
/// A URL is found exactly, with or without `.git` and a slash at the end.
public struct GitPins: Hashable, Sendable {
  private struct Pin: Hashable {
    var commit: String
    var origin: String
  }

  private var repositories: [String: Pin] = [:]

  /// Reads the lines of lists; of two lines for one repository the later counts.
  public init(_ text: String = "") {
    for line in text.split(whereSeparator: \.isNewline) {
      guard let mark = line.firstRange(of: "=="),
        let repository = GitRepository(String(line[..<mark.lowerBound].trimmed)),
        case let commit = line[mark.upperBound...].trimmed.lowercased(), RefList.isObject(commit)
      else { continue }
      repositories[repository.identity] = Pin(
        commit: commit, origin: repository.locator.identity)
    }
  }

  /// The pins as lines of a lock: each repository has the branch `main` at its commit, and nothing else.
  public var lockEntries: [LockEntry] {
    repositories.sorted { $0.key < $1.key }.map { identity, pin in
      let bytes = RefList(only: pin.commit).bytes
      return LockEntry(
        ecosystem: .git, identity: identity,
        state: .present(ContentHash.sha256(of: bytes), size: bytes.count), changes: true,
        origin: pin.origin == identity ? nil : pin.origin, attributes: ["commit": pin.commit])
    }
  }

  /// Whether nothing is pinned.
  public var isEmpty: Bool { repositories.isEmpty }

  /// The commit of a repository; `nil` when it is not pinned.
  func commit(of repository: GitRepository) -> String? { repositories[repository.identity]?.commit }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text.drop { $0.isWhitespace }
  }
}
