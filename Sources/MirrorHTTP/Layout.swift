public import MirrorCore

/// How a mirror names the things it keeps: from a request to the path below its base URL.
public struct Layout: Sendable {
  /// The path of a request below the base, percent-encoded and without a leading slash.
  ///
  /// What follows a `?` is the query. `nil` when the layout cannot name the request, so that the mirror
  /// authentically does not have it.
  public let path: @Sendable (Request) -> String?

  /// Creates a layout of one's own.
  public init(path: @escaping @Sendable (Request) -> String?) { self.path = path }

  /// `HOST/PATH?QUERY`, as `wget -x` lays files out: the query is a part of the file's name, slashes in a row
  /// are one, and the file of a path that ends in one is `index.html`.
  public static let tree = Layout { $0.treePath }

  /// `NAME-MD5`, as SONiC's package server does; only for requests whose MD5 is known.
  public static let nameMD5 = Layout { request in
    let digest = request.digests.first { $0.algorithm == .md5 }
    return digest.map { "\(request.fileName)-\($0.hex)" }
  }

  /// `sha256/AB/ABCD…`, as our own store does; only for pinned requests.
  public static let sha256 = Layout { request in
    request.sha256.map { "sha256/\($0.hex.prefix(2))/\($0.hex)" }
  }

  /// `objects/AB/CD/ABCD…`, as git-lfs itself does and Artifactory's LFS repositories; only for pinned
  /// requests.
  public static let lfs = Layout { request in
    request.sha256.map { "objects/\($0.hex.prefix(2))/\($0.hex.dropFirst(2).prefix(2))/\($0.hex)" }
  }

  /// Reads the word or template of a configuration: `tree`, `name-md5`, `sha256`, `lfs`, or text with
  /// `{scheme}`, `{host}`, `{path}`, `{query}`, `{file}`, `{name}`, `{version}`, `{ecosystem}`,
  /// `{md5}` and `{sha256}` in it.
  ///
  /// - Throws: `misconfigured` when it is neither.
  public init(_ text: String) throws(MirrorError) {
    switch text {
    case "tree": self = .tree
    case "name-md5": self = .nameMD5
    case "sha256": self = .sha256
    case "lfs": self = .lfs
    default: self = try Self.template(text)
    }
  }

  private enum Piece: Sendable {
    case text(String)
    case field(@Sendable (Request) -> String?)
  }

  private static func template(_ text: String) throws(MirrorError) -> Layout {
    guard text.contains("{") else {
      throw MirrorError(
        .misconfigured,
        "layout \(text): is not tree, name-md5, sha256, lfs or a template such as {host}/{path}")
    }
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      pieces.append(.text(String(rest[..<open])))
      guard let close = rest[open...].firstIndex(of: "}"),
        let field = fields[String(rest[rest.index(after: open)..<close])]
      else {
        throw MirrorError(
          .misconfigured,
          "layout \(text): has a field that is none of "
            + fields.keys.sorted().map { "{\($0)}" }.joined(separator: " "))
      }
      pieces.append(.field(field))
      rest = rest[rest.index(after: close)...]
    }
    pieces.append(.text(String(rest)))
    let parts = pieces
    return Layout { request in
      var path = ""
      for part in parts {
        switch part {
        case .text(let text): path += text
        case .field(let field):
          guard let value = field(request) else { return nil }
          path += value
        }
      }
      return path
    }
  }

  private static let fields: [String: @Sendable (Request) -> String?] = [
    "scheme": { $0.origin.scheme },
    "host": { $0.origin.authority },
    "path": { String($0.origin.path.dropFirst()) },
    "query": { $0.plainQuery ?? "" },
    "file": { $0.fileName.isEmpty ? nil : $0.fileName },
    "name": { $0.package.name },
    "version": { $0.package.version },
    "ecosystem": { $0.ecosystem.rawValue },
    "md5": { request in request.digests.first { $0.algorithm == .md5 }?.hex },
    "sha256": { $0.sha256?.hex },
  ]
}
