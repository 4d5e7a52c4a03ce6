import Foundation
import MirrorCore
import MirrorPip
import MirrorTesting
import Testing

/// The headers, texts and pages of the real tools, with hosts that do not exist.
enum Recorded {
  /// What pip 23.2.1 says it reads.
  static let pipAccept =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, "
    + "text/html; q=0.01"
  /// What uv 0.13 says it reads.
  static let uvAccept =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
    + "text/html;q=0.01"

  /// From `pip download --help` of pip 23.2.1.
  static let pipHelp = """
    Package Index Options:
      -i, --index-url <url>       Base URL of the Python Package Index (default
                                  https://built-in.example/simple). This should point to a
                                  repository compliant with PEP 503 (the simple
                                  repository API) or a local directory laid out in
                                  the same format.
      --extra-index-url <url>     Extra URLs of package indexes to use in addition
                                  to --index-url. Should follow the same rules as
                                  --index-url.
    """

  /// From `uv pip install --help` of uv 0.13.
  static let uvHelp = """
          --index <INDEX>
              The indexes to use when resolving dependencies, in addition to the default index [env:
              UV_INDEX]
          --default-index <DEFAULT_INDEX>
              The default package index (by default: <https://uv.example/simple>) [env: \
    UV_DEFAULT_INDEX]
      -i, --index-url <INDEX_URL>
              (Deprecated: use `--default-index` instead) The URL of the Python package index (by
              default: <https://uv.example/simple>) [env: UV_INDEX_URL]
    """
}

/// A project's page as its upstream has it, and the way it reaches a tool.
struct PageFixture {
  let transport = FakeTransport()
  let resolver = PipResolver()
  var environment = [
    "PIP_INDEX_URL": "https://index.example/simple/", "PIP_CONFIG_FILE": "/dev/null",
  ]

  /// The upstream as pip would ask it.
  var origin: any Mirror {
    resolver.origin(over: transport, in: Surroundings(environment: environment))
  }

  /// The document that a tool gets for the project `demo`.
  func document(_ accept: String? = Recorded.pipAccept) async throws -> Document {
    let query = Query(.path("simple/demo/"), accept: accept)
    guard case .page(let request, let render) = resolver.answer(to: query, frozen: nil) else {
      throw Unanswered()
    }
    let sink = MemorySink()
    guard case .content(let content) = try await origin.fetch(request, to: sink) else {
      throw Unanswered()
    }
    return try render(sink.bytes, content)
  }

  /// The JSON page that a tool gets for the project `demo`.
  func page() async throws -> ListedPage { try ListedPage(await document()) }

  /// The request that a link of a page leads to.
  func request(following link: String) throws -> Request {
    let path = try #require(link.hasPrefix("../../") ? link.dropFirst(6) : nil)
    guard case .artifact(let request, _) = resolver.answer(to: Query(.path("\(path)")), frozen: nil)
    else { throw Unanswered() }
    return request
  }
}

/// The resolver or the index had no answer where one was due.
struct Unanswered: Error {}

/// A page as a tool reads it.
struct ListedPage {
  let fields: [String: Any]
  let files: [[String: Any]]

  init(_ document: Document) throws {
    let json = try JSONSerialization.jsonObject(with: Data(document.bytes))
    fields = try #require(json as? [String: Any])
    files = try #require(fields["files"] as? [[String: Any]])
  }

  var names: [String] { files.compactMap { $0["filename"] as? String } }

  func file(_ name: String) throws -> [String: Any] {
    try #require(files.first { $0["filename"] as? String == name })
  }

  func link(_ name: String) throws -> String { try #require(try file(name)["url"] as? String) }
}

extension Digest {
  /// A SHA-256 that is easy to tell apart.
  static func of(_ text: String) -> Digest { ContentHash.sha256(of: text.utf8) }
}
