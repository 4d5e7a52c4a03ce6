internal import MirrorCore
import Synchronization

/// What a client of JFrog Artifactory meets, for tests: paths, logins, refusals and checksum headers.
///
/// It does as JFrog's documentation says; no Artifactory was at hand to compare it with.
///
/// The pages of JFrog's documentation that each part is taken from are named beside it. It plays on a
/// ``FaultServer``, below `/artifactory/`:
///
/// ```swift
/// try await FaultServer.run { server in
///   let artifactory = ArtifactoryStub(on: server, login: "reader:token")
///   artifactory.hold("generic-local/tool-1.2.tgz", bytes)
/// }
/// ```
public final class ArtifactoryStub: Sendable {
  private struct Item {
    var bytes: [UInt8]
    var type: String
    var isCached: Bool
  }

  private struct State {
    var items: [String: Item] = [:]
    var forbidden: Set<String> = []
    var isAssumedOffline = false
    var isDown = false
  }

  private let state = Mutex(State())
  private let login: String?
  private let url: String

  /// Plays on a server.
  ///
  /// - Parameter login: `USER:TOKEN`, without which everything is answered 401; `nil` lets everyone read.
  public init(on server: FaultServer, login: String? = nil) {
    self.login = login
    url = "\(server.url)/artifactory"
    server.setDefault(.choosing { [self] request in answer(to: request) })
  }

  // MARK: What it holds

  /// Holds a file at a path below `/artifactory/`: `REPOSITORY/PATH`, or below `api/`.
  ///
  /// - Parameter isCached: whether a remote repository has it in its cache, so that it does without its
  ///   upstream.
  public func hold(
    _ path: String, _ bytes: [UInt8], type: String = "application/octet-stream",
    isCached: Bool = true
  ) {
    state.withLock { $0.items[path] = Item(bytes: bytes, type: type, isCached: isCached) }
  }

  /// Holds a Debian archive, at `REPOSITORY/dists/…` and `REPOSITORY/pool/…` ("Debian Repositories": the
  /// path has no `api/`).
  public func holdDebian(_ repository: String, _ files: [String: [UInt8]]) {
    for (path, bytes) in files { hold("\(repository)/\(path)", bytes) }
  }

  /// Holds a Go module tree, at `api/go/REPOSITORY/…` ("Go Registry").
  public func holdModules(_ repository: String, _ files: [String: [UInt8]]) {
    for (path, bytes) in files { hold("api/go/\(repository)/\(path)", bytes) }
  }

  /// Holds one file of a Python project: the page at `api/pypi/REPOSITORY/simple/PROJECT/`, the file below
  /// `packages/` ("PyPI Repositories").
  public func holdPython(
    _ repository: String, project: String, fileName: String, _ bytes: [UInt8]
  ) {
    let place = "packages/\(project)/\(fileName)"
    let sha256 = ContentHash.sha256(of: bytes).hex
    let page = """
      <!DOCTYPE html><html><head><title>Links for \(project)</title></head><body>
      <a href="../../\(place)#sha256=\(sha256)" rel="internal">\(fileName)</a><br/>
      </body></html>

      """
    hold("api/pypi/\(repository)/simple/\(project)/", Array(page.utf8), type: "text/html")
    hold("api/pypi/\(repository)/\(place)", bytes)
  }

  /// Holds a file of Git LFS, at `REPOSITORY/objects/AB/CD/ABCD…` ("Use Git LFS Storage").
  ///
  /// The batch API of `api/lfs/REPOSITORY` tells that place to downloads; uploads are not played.
  public func holdLargeFile(_ repository: String, _ bytes: [UInt8]) {
    hold(Self.place(ofLargeFile: ContentHash.sha256(of: bytes).hex, in: repository), bytes)
  }

  private static func place(ofLargeFile name: String, in repository: String) -> String {
    "\(repository)/objects/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
  }

  // MARK: What befalls it

  /// Forbids a repository to everybody: 403 ("Permissions").
  ///
  /// With the setting "Hide Existence of Unauthorized
  /// Resources" a server answers 404 instead.
  public func forbid(_ repository: String) {
    _ = state.withLock { $0.forbidden.insert(repository) }
  }

  /// Whether its remote repositories count their upstream as away ("Remote Repositories", advanced settings:
  /// Assumed Offline Period): what is not cached is then 404, as if it did not exist.
  public var isAssumedOffline: Bool {
    get { state.withLock(\.isAssumedOffline) }
    set { state.withLock { $0.isAssumedOffline = newValue } }
  }

  /// Takes it off the network: every connection is reset.
  public func stop() { state.withLock { $0.isDown = true } }

  // MARK: Answers

  private func answer(to request: SeenRequest) -> FaultAnswer {
    let state = state.withLock { $0 }
    if state.isDown { return .reset }
    guard lets(request.headers) else {
      return error(
        401, "Bad credentials", ("WWW-Authenticate", "Basic realm=\"Artifactory Realm\""))
    }
    let target = request.path.split(separator: "?", omittingEmptySubsequences: false)[0]
    let root = "/artifactory/"
    guard target.hasPrefix(root) else { return error(404, "Not Found") }
    let path = PercentEncoding.decode(target.dropFirst(root.count))
    let words = path.split(separator: "/").map { String($0) }
    let repository = words.first == "api" ? words.dropFirst(2).first : words.first
    if let repository, state.forbidden.contains(repository) {
      return error(403, "Not authorized to read \(repository)")
    }
    if words.first == "api", words.dropFirst().first == "storage" {
      return facts(of: words.dropFirst(2).joined(separator: "/"), in: state)
    }
    switch request.method {
    case "GET", "HEAD":
      guard let item = state.items[path], item.isCached || !state.isAssumedOffline else {
        return error(404, "File not found.")
      }
      return file(item, named: words.last ?? "")
    case "PUT": return deploy(request, to: path)
    case "POST" where words.starts(with: ["api", "lfs"]) && path.hasSuffix("/objects/batch"):
      return links(for: request, in: words[2], state)
    default: return error(405, "Method Not Allowed")
    }
  }

  /// "Authentication": Basic with a token for a password, a Bearer token, or `X-JFrog-Art-Api`.
  private func lets(_ headers: SeenRequest.Headers) -> Bool {
    guard let login else { return true }
    let token = login.split(separator: ":").last.map { String($0) } ?? login
    return [
      "Basic \(Base64.encode(login.utf8))", "Bearer \(token)",
    ].contains(headers["authorization"]) || headers["x-jfrog-art-api"] == token
  }

  /// "Retrieve Artifact": checksums stand in headers, and the ETag is the SHA-1.
  private func file(_ item: Item, named name: String) -> FaultAnswer {
    let sums = Self.sums(of: item.bytes)
    return .choosing { request in
      let range = request.headers["range"]
      if range != nil { return .file(item.bytes, etag: sums["sha1"], contentType: item.type) }
      return .status(
        200,
        headers: [
          "Content-Type": item.type, "ETag": "\"\(sums["sha1"] ?? "")\"",
          "X-Checksum-Sha1": sums["sha1"] ?? "", "X-Checksum-Sha256": sums["sha256"] ?? "",
          "X-Checksum-Md5": sums["md5"] ?? "", "X-Artifactory-Filename": name,
          "Accept-Ranges": "bytes",
        ], body: item.bytes)
    }
  }

  /// "Deploy Artifact": 201 and the artifact's facts; 409 where a checksum header disagrees.
  ///
  /// Properties stand
  /// in the path as `;KEY=VALUE` ("Matrix Parameters").
  private func deploy(_ request: SeenRequest, to path: String) -> FaultAnswer {
    let place = String(path.split(separator: ";")[0])
    let sums = Self.sums(of: request.body)
    for (algorithm, hex) in sums {
      let told = request.headers["x-checksum-\(algorithm)"]
      if let told, told.lowercased() != hex {
        return error(
          409, "Checksum error for '\(place)': received '\(told)' but actual is '\(hex)'")
      }
    }
    hold(place, request.body)
    return .status(
      201, headers: ["Content-Type": "application/json"],
      body: Array(text(of: place, sums, size: request.body.count).utf8))
  }

  /// The batch API (git-lfs, docs/api/batch.md), with links to where the files lie.
  private func links(
    for request: SeenRequest, in repository: String, _ state: State
  ) -> FaultAnswer {
    let links = LargeFileLinks(request.body) { name in
      let place = Self.place(ofLargeFile: name, in: repository)
      return state.items[place] == nil ? nil : "\(url)/\(place)"
    }
    return links?.answer ?? error(422, "no download of large files")
  }

  /// "File Info": `api/storage/REPOSITORY/PATH`.
  private func facts(of path: String, in state: State) -> FaultAnswer {
    guard let item = state.items[path] else { return error(404, "Unable to find item") }
    let text = text(of: path, Self.sums(of: item.bytes), size: item.bytes.count)
    return .status(200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
  }

  private func text(of path: String, _ sums: [String: String], size: Int) -> String {
    let checksums = sums.sorted { $0.key < $1.key }
      .map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
    return """
      {"downloadUri": "\(url)/\(path)", "size": "\(size)", "checksums": {\(checksums)}}

      """
  }

  /// "REST API": errors are JSON.
  private func error(
    _ status: Int, _ message: String, _ header: (String, String) = ("X-Artifactory-Id", "stub")
  ) -> FaultAnswer {
    .status(
      status, headers: ["Content-Type": "application/json", header.0: header.1],
      body: Array(
        "{\"errors\": [{\"status\": \(status), \"message\": \"\(message)\"}]}\n".utf8))
  }

  private static func sums(of bytes: [UInt8]) -> [String: String] {
    var hash = ContentHash(also: [.md5, .sha1])
    bytes.withUnsafeBytes { hash.update($0) }
    return Dictionary(hash.digests().map { ($0.algorithm.rawValue, $0.hex) }) { $1 }
  }
}
