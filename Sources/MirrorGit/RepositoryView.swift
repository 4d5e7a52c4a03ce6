import MirrorCore

/// A repository of the store as clients are shown it.
struct RepositoryView: Hashable, Sendable {
  /// Where it is.
  var path: String
  /// The digest of its refs.
  var digest: Digest
  /// The objects that the refs stand for.
  var objects: Set<String>
}
