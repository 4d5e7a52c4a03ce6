/// Whoever knows what must be true of an ecosystem's complete bytes, beyond digest and length.
///
/// The chain asks before anybody is shown a byte; what fails is set aside, and the chain goes on as its
/// rules for corrupt bytes say. Called at once from several tasks. A verifier writes ``fault(in:size:of:from:)``,
/// or ``examine(_:size:of:from:)`` where its check brings facts to light.
public protocol Verifier: Sendable {
  /// Checks the first `size` bytes of a file.
  ///
  /// - Returns: what the check brought to light, by short names: the lock keeps it beside the digest.
  /// - Throws: `corrupt`, naming the thing and the source.
  func examine(
    _ bytes: OpenFile, size: Int, of request: Request, from source: String
  ) throws(MirrorError) -> [String: String]

  /// What is wrong with the first `size` bytes of a file; `nil` when nothing is.
  ///
  /// - Returns: an error of the code `corrupt` that names the thing and the source.
  func fault(
    in bytes: OpenFile, size: Int, of request: Request, from source: String
  ) -> MirrorError?

  /// Whether the check takes so long that who waits on the same thread would notice: it is done on another
  /// one then.
  ///
  /// - Parameter size: the length of the bytes.
  func takesLong(_ request: Request, size: Int) -> Bool

  /// The facts that the bytes must show, where they are known beforehand: such a request is pinned.
  func expectations(of request: Request) -> [String: String]

  /// Whether what the bytes stand for is in the store too, where they are not all there is to a thing.
  ///
  /// Bytes that are not whole answer nothing, from whatever source they come; the next one is asked.
  ///
  /// - Parameter store: the store's folder, in which an ecosystem keeps such things below its own name.
  func isWhole(_ request: Request, _ digest: Digest, in store: String) -> Bool
}

extension Verifier {
  /// No facts, unless something is wrong.
  public func examine(
    _ bytes: OpenFile, size: Int, of request: Request, from source: String
  ) throws(MirrorError) -> [String: String] {
    if let fault = fault(in: bytes, size: size, of: request, from: source) { throw fault }
    return [:]
  }

  /// Nothing.
  public func fault(
    in bytes: OpenFile, size: Int, of request: Request, from source: String
  ) -> MirrorError? { nil }

  /// From 256 KiB on.
  public func takesLong(_ request: Request, size: Int) -> Bool { size >= longWork }

  /// None.
  public func expectations(of request: Request) -> [String: String] { [:] }

  /// Yes: the bytes are all there is.
  public func isWhole(_ request: Request, _ digest: Digest, in store: String) -> Bool { true }
}
