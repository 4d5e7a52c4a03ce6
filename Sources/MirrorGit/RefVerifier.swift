import MirrorCore

/// Sees to it that nothing but refs, or the receipt for an object, passes for an answer about a repository.
///
/// The commit of HEAD is what it brings to light: the lock keeps it as `commit`.
struct RefVerifier: Verifier {
  func examine(
    _ bytes: OpenFile, size: Int, of request: Request, from source: String
  ) throws(MirrorError) -> [String: String] {
    // A large file is what its digest says.
    if LargeFile(request) != nil { return [:] }
    let content = try bytes.read(at: 0, count: size)
    if request.changes {
      let refs = try RefList(content, of: "\(request.identity): \(source)")
      return refs.commit.map { ["commit": $0] } ?? [:]
    }
    if let id = request.attributes["commit"],
      content != Array(GitRepository(request.origin).receipt(for: id).utf8)
    {
      throw MirrorError(
        .corrupt, "\(request.identity): \(source) gave something else than a receipt")
    }
    return [:]
  }

  /// Refs, and receipts, stand for objects beside them.
  func isWhole(_ request: Request, _ digest: Digest, in store: String) -> Bool {
    if LargeFile(request) != nil { return true }
    return RepositoryShelf.isThere(
      GitRepository(request.origin).identity, request.changes ? digest : nil, in: store)
  }
}
