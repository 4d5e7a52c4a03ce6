package import MirrorCore

/// The sources of the user's apt, pointed at another place.
///
/// Suites, components, keys and comments stay as they are; only the URIs change.
package struct NativeSources: Sendable {
  private let place: NativePlace

  /// Points sources at a place.
  package init(for place: NativePlace) { self.place = place }

  /// The files: what apt reads, where something in it changes, and the proxy where the place is one.
  package func files() -> [NativeFile] {
    var files: [NativeFile] = []
    if case .gateway(let url) = place {
      let text = """
        Acquire::http::Proxy "\(url.endpoint)/";
        Acquire::http::Proxy::\(url.host) "DIRECT";

        """
      files.append(NativeFile(path: "/etc/apt/apt.conf.d/80mirror", text: text))
    }
    let folder = "/etc/apt/sources.list.d"
    let parts = Disk.list(folder).filter { $0.hasSuffix(".list") || $0.hasSuffix(".sources") }
    for path in ["/etc/apt/sources.list"] + parts.map({ "\(folder)/\($0)" }) {
      guard let bytes = try? Disk.read(path) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      let other = rewritten(text)
      if other != text { files.append(NativeFile(path: path, text: other)) }
    }
    return files
  }

  /// The text of sources.list(5), in either of its forms, with its URIs pointed at the place.
  package func rewritten(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        if line.drop(while: \.isWhitespace).hasPrefix("#") { return String(line) }
        return rewritten(line: line)
      }
      .joined(separator: "\n")
  }

  /// A line whose words are set apart by spaces and tabs, which stay.
  private func rewritten(line: Substring) -> String {
    var rest = line
    var result = ""
    // A field's value may follow its name at once (deb822(5)).
    if rest.prefix(5).lowercased() == "uris:" {
      result += rest.prefix(5)
      rest = rest.dropFirst(5)
    }
    while !rest.isEmpty {
      let gap = rest.prefix { $0 == " " || $0 == "\t" }
      rest = rest.dropFirst(gap.count)
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      rest = rest.dropFirst(word.count)
      result += gap + (moved(word) ?? String(word))
    }
    return result
  }

  /// Where a URI leads at the place; `nil` for what is no URI, or one that the place does not stand for.
  private func moved(_ word: Substring) -> String? {
    guard let url = Locator(String(word)), ["http", "https"].contains(url.scheme) else {
      return nil
    }
    switch place {
    case .gateway(let gateway):
      // A plain URL reaches a gateway as its proxy, and stays as it is.
      return url.scheme == "http"
        ? nil : gateway.appending("apt/https/\(url.authority)\(url.path)").identity
    case .mirror(let settings):
      let base = settings.url
      let roots = settings.roots
      guard !roots.isEmpty else { return base.identity }
      let nearest = roots.filter { Self.path(of: url, below: $0.upstream) != nil }
        .max { $0.upstream.path.utf8.count < $1.upstream.path.utf8.count }
      return nearest.flatMap { root in
        Self.path(of: url, below: root.upstream).map { rest in
          base.appending([root.path, rest].filter { !$0.isEmpty }.joined(separator: "/")).identity
        }
      }
    }
  }

  private static func path(of url: Locator, below root: Locator) -> String? {
    func folder(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }
    guard url.endpoint == root.endpoint, folder(url.path).hasPrefix(folder(root.path)) else {
      return nil
    }
    return url.path.dropFirst(folder(root.path).utf8.count).split(separator: "/")
      .joined(separator: "/")
  }
}
