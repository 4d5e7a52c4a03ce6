package import MirrorCore

/// The sources of an image's apt, or of the user's, pointed at another place.
///
/// Suites, components, keys and comments stay as they are; only the URIs change.
package struct NativeSources: Sendable {
  private let place: NativePlace

  /// Points sources at a place.
  package init(for place: NativePlace) { self.place = place }

  /// The files: what apt reads, where something in it changes or leads to the place already, and the proxy where
  /// the place is one.
  ///
  /// - Parameter root: an image's root, whose sources they are if it has any; else they are this machine's.
  package func files(ofImageAt root: String? = nil) -> [NativeFile] {
    let own = root.map { Self.sources(below: $0) } ?? []
    let sources = own.isEmpty ? Self.sources(below: "") : own
    return proxy
      + sources.compactMap { file in
        let text = rewritten(file.text)
        return text != file.text || leadsThere(text) ? NativeFile(path: file.path, text: text) : nil
      }
  }

  /// The setting that makes a gateway apt's proxy.
  private var proxy: [NativeFile] {
    guard case .gateway(let url) = place else { return [] }
    let text = """
      Acquire::http::Proxy "\(url.endpoint)/";
      Acquire::http::Proxy::\(url.host) "DIRECT";

      """
    return [NativeFile(path: "/etc/apt/apt.conf.d/80mirror", text: text)]
  }

  /// The lists of sources below a root that say something.
  private static func sources(below root: String) -> [NativeFile] {
    let folder = "/etc/apt/sources.list.d"
    let parts = Disk.list(root + folder).filter {
      $0.hasSuffix(".list") || $0.hasSuffix(".sources")
    }
    let paths = ["/etc/apt/sources.list"] + parts.map { "\(folder)/\($0)" }
    return paths.compactMap { path in
      guard let bytes = try? Disk.read(root + path), !bytes.isEmpty else { return nil }
      return NativeFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }
  }

  private func leadsThere(_ text: String) -> Bool {
    guard case .mirror(let settings) = place else { return false }
    return text.contains(settings.url.identity)
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
