import MirrorCore

/// The HTML form of a project page (PEP 503, with the attributes of later ones).
enum HTMLPage {
  /// The files that a page's anchors link to.
  static func files(in html: String) -> [ProjectFile] {
    var files: [ProjectFile] = []
    var rest = html[...]
    while let start = rest.firstRange(of: /<[aA]\s+/),
      let end = endOfTag(rest[start.upperBound...])
    {
      if let file = file(attributes(rest[start.upperBound..<end])) { files.append(file) }
      rest = rest[rest.index(after: end)...]
    }
    return files
  }

  /// The page of these files.
  static func render(_ page: ProjectPage) -> String {
    let anchors = page.files.map { file in
      var attributes = ""
      var fragment = ""
      if let digest = file.digests.last(where: { $0.algorithm.isStrong }) ?? file.digests.first {
        fragment = "#\(digest.algorithm.rawValue)=\(digest.hex)"
      }
      if let python = file.requiresPython {
        attributes += " data-requires-python=\"\(escape(python))\""
      }
      if file.hasMetadata {
        let value =
          file.metadataDigests.first.map { "\($0.algorithm.rawValue)=\($0.hex)" } ?? "true"
        attributes += " data-core-metadata=\"\(value)\" data-dist-info-metadata=\"\(value)\""
      }
      switch file.yanked {
      case .value(let reason): attributes += " data-yanked=\"\(escape(reason))\""
      case .flag(true): attributes += " data-yanked=\"\""
      case .flag(false), nil: break
      }
      let link = "href=\"\(escape(file.url + fragment))\"\(attributes)"
      return "<a \(link)>\(escape(file.filename))</a><br/>"
    }
    return """
      <!DOCTYPE html>
      <html><head><meta name="pypi:repository-version" content="\(page.meta.version)">\
      <title>\(escape(page.name))</title></head><body>
      \(anchors.joined(separator: "\n"))
      </body></html>

      """
  }

  /// Where a tag ends: at the first `>` that stands in no quoted value.
  private static func endOfTag(_ text: Substring) -> String.Index? {
    var quote: Character?
    return text.indices.first { index in
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      }
      return quote == nil && character == ">"
    }
  }

  private static func file(_ attributes: [String: String]) -> ProjectFile? {
    guard let link = attributes["href"] else { return nil }
    let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].prefix { $0 != "?" }
    guard let name = path.split(separator: "/").last else { return nil }
    var hashes: [String: String] = [:]
    if parts.count > 1, let digest = Digest(parts[1].prefix { $0 != "&" }) {
      hashes[digest.algorithm.rawValue] = digest.hex
    }
    let metadata = attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"]
    return ProjectFile(
      filename: PercentEncoding.decode(name), url: String(parts[0]), hashes: hashes,
      requiresPython: attributes["data-requires-python"],
      yanked: attributes["data-yanked"].map { $0.isEmpty ? .flag(true) : .value($0) },
      coreMetadata: metadata.map { text in
        Digest(text).map { .value([$0.algorithm.rawValue: $0.hex]) } ?? .flag(true)
      })
  }

  private static func attributes(_ text: Substring) -> [String: String] {
    var result: [String: String] = [:]
    var rest = text.drop(while: \.isWhitespace)
    while !rest.isEmpty {
      let name = rest.prefix { $0 != "=" && !$0.isWhitespace }.lowercased()
      rest = rest.drop { $0 != "=" && !$0.isWhitespace }.drop(while: \.isWhitespace)
      var value = ""
      if rest.first == "=" {
        rest = rest.dropFirst().drop(while: \.isWhitespace)
        if let quote = rest.first, quote == "\"" || quote == "'" {
          rest = rest.dropFirst()
          value = String(rest.prefix { $0 != quote })
          rest = rest.dropFirst(value.count).dropFirst()
        } else {
          value = String(rest.prefix { !$0.isWhitespace })
          rest = rest.dropFirst(value.count)
        }
      }
      if !name.isEmpty, name != "/" { result[name] = unescape(value) }
      rest = rest.drop(while: \.isWhitespace)
    }
    return result
  }

  private static let entities = ["lt": "<", "gt": ">", "quot": "\"", "apos": "'", "amp": "&"]

  /// Decodes character references, each once; what is none stays as it is.
  private static func unescape(_ text: String) -> String {
    guard text.contains("&") else { return text }
    return text.replacing(/&(?:#[xX]([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/) { match in
      let code =
        match.output.1.flatMap { UInt32($0, radix: 16) } ?? match.output.2.flatMap { UInt32($0) }
      let character = code.flatMap { Unicode.Scalar($0) }.map { String($0) }
      let named = match.output.3.flatMap { entities[String($0)] }
      return character ?? named ?? String(match.output.0)
    }
  }

  private static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
