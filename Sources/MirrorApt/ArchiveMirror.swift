public import MirrorCore

/// An archive of an organisation that stands in for others: a Debian mirror, aptly, reprepro,
/// Artifactory, a dated snapshot, a folder.
///
/// What an upstream keeps below its root is looked for below this mirror's URL; with `roots`, below the
/// path of the pair whose upstream the thing comes from, and nothing else is looked for.
public final class ArchiveMirror: Mirror {
  /// The mirror's name.
  public let name: String
  private let settings: SourceSettings
  private let transport: any Transport

  /// A mirror of the configuration.
  public init(_ settings: SourceSettings, over transport: any Transport) {
    name = settings.name
    self.settings = settings
    self.transport = transport
  }

  /// The base URL's.
  public func endpoint(for request: Request) -> String? { settings.url.endpoint }

  /// The file's URL at this mirror.
  public func location(of request: Request) -> String? { locator(of: request)?.description }

  /// Gets the file.
  ///
  /// An index that is not the pinned one is no damage but that of another day: a miss.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let locator = locator(of: request) else { return .nothing(nil) }
    let retrieval = settings.retrieval(of: locator, for: request)
    guard request.changes, let pin = request.sha256 else {
      return try await transport.get(retrieval, to: sink)
    }
    let witness = HashingSink(sink)
    let finding = try await transport.get(retrieval, to: witness)
    if case .content = finding, witness.isWhole, witness.digest != pin { return .nothing(nil) }
    return finding
  }

  /// The file's URL at this mirror: the upstream's path below its root, below ours.
  public func locator(of request: Request) -> Locator? {
    let url = request.origin
    guard !settings.roots.isEmpty else {
      guard let root = request.attributes["archive"].flatMap({ Locator($0) }) else { return nil }
      return Self.path(of: url, below: root).map(settings.url.appending)
    }
    let nearest = settings.roots.filter { Self.path(of: url, below: $0.upstream) != nil }
      .max { $0.upstream.path.utf8.count < $1.upstream.path.utf8.count }
    return nearest.flatMap { root in
      Self.path(of: url, below: root.upstream).map { path in
        settings.url.appending(root.path.isEmpty ? path : "\(root.path)/\(path)")
      }
    }
  }

  /// The path of a URL below a root, without a leading slash; `nil` when it is not below it.
  private static func path(of url: Locator, below root: Locator) -> String? {
    let folder = root.path.hasSuffix("/") ? root.path : root.path + "/"
    guard url.endpoint == root.endpoint, url.path.hasPrefix(folder) else { return nil }
    return String(url.path.dropFirst(folder.count))
  }
}
