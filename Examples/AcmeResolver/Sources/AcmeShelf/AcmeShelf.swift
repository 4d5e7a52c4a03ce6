import Foundation
public import MirrorCore

/// Acme's own storage: one folder for each package, `ECOSYSTEM/PACKAGE/FILE`.
///
/// A mirror only moves bytes. That they are the right ones is checked by the chain.
public struct AcmeShelf: Mirror {
  /// The name in chains, messages and the ledger.
  public let name = "shelf"
  private let root: String

  /// The shelf in a folder; without one that of `ACME_SHELF`, else the one on every machine of Acme's.
  public init(at root: String? = nil) {
    self.root =
      root ?? ProcessInfo.processInfo.environment["ACME_SHELF"] ?? "/srv/acme/shelf"
  }

  /// Gives a file of the shelf.
  public func fetch(_ request: Request, to sink: any ByteSink) async throws(MirrorError) -> Finding
  {
    let folder = "\(root)/\(request.ecosystem)/\(request.package.name)"
    guard FileManager.default.fileExists(atPath: root) else {
      throw MirrorError(.unavailable, "\(request.identity): the shelf \(root) is not mounted")
    }
    // Only files are kept here, and no indexes; a name with a dot in front is none of ours.
    guard !request.changes, !request.fileName.hasPrefix("."), !request.package.name.hasPrefix("."),
      let bytes = FileManager.default.contents(atPath: "\(folder)/\(request.fileName)")
    else { return .nothing(nil) }
    let content = Content(size: bytes.count)
    try sink.receive(bytes, as: content)
    return .content(content)
  }
}
