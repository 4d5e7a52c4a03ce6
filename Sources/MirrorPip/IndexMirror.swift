public import MirrorCore
import Synchronization

/// A mirror that speaks the simple API: devpi, pypiserver, bandersnatch, Artifactory, or the index
/// that pip itself is configured with.
///
/// Its pages are handed on in JSON with absolute links. A file is looked up on the mirror's own page
/// of the project, so each mirror serves a file from wherever it keeps it.
public final class IndexMirror: Mirror {
  /// The mirror's name.
  public let name: String
  private let settings: SourceSettings?
  private let indexes: @Sendable () async throws(MirrorError) -> [Locator]
  private let transport: any Transport
  private let known = Mutex<[String: [String: ProjectFile]]>([:])

  /// A mirror of the configuration.
  public init(_ settings: SourceSettings, over transport: any Transport) {
    name = settings.name
    self.settings = settings
    self.transport = transport
    let url = settings.url
    indexes = { [url] }
  }

  /// The origin: the indexes that pip would ask, which it treats as one.
  init(
    originOver transport: any Transport,
    indexes: @escaping @Sendable () async throws(MirrorError) -> [Locator]
  ) {
    name = "origin"
    settings = nil
    self.transport = transport
    self.indexes = indexes
  }

  /// The index's, where it is written in the configuration.
  public func endpoint(for request: Request) -> String? { settings?.url.endpoint }

  /// The page of the project.
  public func location(of request: Request) -> String? {
    settings.map { $0.url.appending("\(request.package.name)/").description } ?? "pip's own index"
  }

  /// Gets a page, or a file by way of the page that lists it.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let project = request.package.name
    if request.changes {
      let (page, reply) = try await page(of: project, request)
      guard let page else { return .nothing(reply) }
      let content = Content(type: ProjectPage.json)
      try sink.receive(page.encoded, as: content)
      return .content(content)
    }
    guard let url = try await url(of: request, in: project) else { return .nothing(nil) }
    return try await transport.get(retrieval(of: url, request), to: sink)
  }

  // MARK: Pages

  private func page(
    of project: String, _ request: Request
  ) async throws(MirrorError) -> (ProjectPage?, Reply?) {
    var merged: ProjectPage?
    var reply: Reply?
    for index in try await indexes() {
      let sink = MemorySink()
      let url = index.appending("\(project)/")
      let finding = try await transport.get(
        retrieval(of: url, request, accept: ProjectPage.accept), to: sink)
      switch finding {
      case .nothing(let words):
        reply = reply ?? words
      case .content(let content):
        let location = content.location.flatMap { Locator($0) } ?? url
        let page = try ProjectPage(sink.bytes, content, project: project, location: location)
        merged = merged.map { $0.merging(page) } ?? page
      }
    }
    if let merged {
      let files = Dictionary(merged.files.map { ($0.filename, $0) }) { first, _ in first }
      known.withLock { $0[project] = files }
    }
    return (merged, reply)
  }

  // MARK: Files

  /// Where this mirror keeps a file; `nil` when it does not list it.
  private func url(
    of request: Request, in project: String
  ) async throws(MirrorError) -> Locator? {
    let isMetadata = request.fileName.hasSuffix(".metadata")
    let listedName = isMetadata ? String(request.fileName.dropLast(9)) : request.fileName
    guard let file = try await listed(listedName, of: project, request) else {
      // An index forgets files that its server still holds; a pin makes them as good as listed.
      return settings == nil && !request.pins.isEmpty ? request.origin : nil
    }
    if isMetadata, !file.hasMetadata { return nil }
    guard var url = Locator(isMetadata ? file.url + ".metadata" : file.url) else { return nil }
    for index in try await indexes() {
      if index.scheme == "https", url.scheme != "https" {
        throw MirrorError(
          .insecure, "\(request.identity): \(name) links from https to \(url.endpoint); refused")
      }
      if index.endpoint == url.endpoint { url = url.carrying(index.userInfo) }
    }
    if isMetadata { return url }
    if let pin = request.sha256,
      let other = file.digests.first(where: { $0.algorithm == .sha256 && $0 != pin })
    {
      throw MirrorError(
        .corrupt, "\(request.identity): \(name) lists it as \(other), expected \(pin)")
    }
    return url
  }

  private func listed(
    _ fileName: String, of project: String, _ request: Request
  ) async throws(MirrorError) -> ProjectFile? {
    if !request.reloads, let file = known.withLock({ $0[project]?[fileName] }) { return file }
    _ = try await page(of: project, request)
    return known.withLock { $0[project]?[fileName] }
  }

  private func retrieval(
    of url: Locator, _ request: Request, accept: String? = nil
  ) -> Retrieval {
    settings?.retrieval(of: url, for: request, accept: accept)
      ?? Retrieval(
        url, subject: request.identity, source: name, accept: accept, reloads: request.reloads,
        isGatekeeper: true)
  }
}
