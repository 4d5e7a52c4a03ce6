/// A file as an honest server gives it out: whole, in part or not at all, as the request asks.
struct ServedFile {
  var bytes: [UInt8]
  var etag: String?
  var lastModified: String?
  var contentType: String?
  var contentDisposition: String?
  var honoursRanges = true

  /// The response that RFC 9110 asks for, conditions before ranges.
  func response(to request: SeenRequest) -> Response {
    if isUnchanged(for: request) { return Response(304, validators) }
    guard honoursRanges, request.method == "GET", mayResume(request) else { return whole }
    switch RequestedRange(request.headers["range"], length: bytes.count) {
    case .whole:
      return whole
    case .part(let range):
      return part(range, contentRange: "\(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)")
    case .unsatisfiable:
      return Response(416, [("Content-Range", "bytes */\(bytes.count)")])
    }
  }

  /// The complete file, whatever was asked for.
  var whole: Response {
    Response(200, validators + description, body: bytes)
  }

  /// A part of the file under a `Content-Range` that need not be true.
  func part(_ range: Range<Int>, contentRange: String) -> Response {
    Response(
      206, validators + description + [("Content-Range", "bytes " + contentRange)],
      body: Array(bytes[range]))
  }

  private var description: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let contentType { headers.append(("Content-Type", contentType)) }
    if let contentDisposition { headers.append(("Content-Disposition", contentDisposition)) }
    if honoursRanges { headers.append(("Accept-Ranges", "bytes")) }
    return headers
  }

  private var validators: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let entityTag { headers.append(("ETag", entityTag)) }
    if let lastModified { headers.append(("Last-Modified", lastModified)) }
    return headers
  }

  private var entityTag: String? {
    guard let etag else { return nil }
    return etag.hasPrefix("\"") || etag.hasPrefix("W/") ? etag : "\"\(etag)\""
  }

  private func isUnchanged(for request: SeenRequest) -> Bool {
    if let known = request.headers["if-none-match"] {
      guard let entityTag else { return false }
      let weak = { (tag: Substring) in tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
      let tags = known.split { $0 == "," || $0 == " " }
      return known == "*" || tags.contains { weak($0) == weak(entityTag[...]) }
    }
    guard let since = request.headers["if-modified-since"], let lastModified else { return false }
    guard let known = HTTPDate(since), let changed = HTTPDate(lastModified) else {
      return since == lastModified
    }
    return changed <= known
  }

  /// Whether the condition of a Range holds: a strong tag or the exact date, and nothing weaker.
  private func mayResume(_ request: SeenRequest) -> Bool {
    guard let condition = request.headers["if-range"] else { return true }
    if condition == lastModified { return true }
    return condition == entityTag && !condition.hasPrefix("W/")
  }
}
