/// Whoever knows what must be true of an ecosystem's complete bytes, beyond digest and length.
///
/// The chain asks before anybody is shown a byte; what fails is set aside, and the chain goes on as its
/// rules for corrupt bytes say. Called at once from several tasks.
public protocol Verifier: Sendable {
  /// What is wrong with the first `size` bytes of a file; `nil` when nothing is.
  ///
  /// - Returns: an error of the code `corrupt` that names the thing and the source.
  func fault(
    in bytes: OpenFile, size: Int, of request: Request, from source: String
  ) -> MirrorError?
}
