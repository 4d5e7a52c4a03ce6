internal import HTTPTypes
internal import HummingbirdCore
import MirrorCore

/// What matters of a client's request for the shape of its answer.
struct ClientExchange: Sendable {
  let isGet: Bool
  let isHead: Bool
  let asksAsProxy: Bool
  /// Whether the connection ends with the answer.
  let endsConnection: Bool
  let range: ByteRange?
  let ifRange: String?
  let ifNoneMatch: String?
  let ifModifiedSince: String?

  init(_ request: HummingbirdCore.Request) {
    isGet = request.method == .get
    isHead = request.method == .head
    let target = RequestTarget.of(request.head)
    asksAsProxy = !target.hasPrefix("/")
    endsConnection = RequestTarget.endsConnection(target)
    let headers = request.headers
    range = headers[.range].flatMap { ByteRange($0) }
    ifRange = headers[.ifRange]
    ifNoneMatch = headers[.ifNoneMatch]
    ifModifiedSince = headers[.ifModifiedSince]
  }

  /// The head of an answer.
  func head(status: Int, _ fields: HTTPFields) -> HTTPResponse {
    var fields = fields
    if endsConnection { fields[.connection] = "close" }
    return HTTPResponse(status: .init(code: status), headerFields: fields)
  }

  /// Whether the client has what the content describes (RFC 9110, 13.2.2).
  func alreadyHas(_ content: Content) -> Bool {
    if let ifNoneMatch {
      guard let tag = content.entityTag else { return false }
      let strong = tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
      return ifNoneMatch == "*"
        || ifNoneMatch.split(separator: ",").contains { candidate in
          let candidate = candidate.filter { $0 != " " }
          return candidate == strong || candidate == "W/\(strong)"
        }
    }
    guard let since = ifModifiedSince.flatMap({ HTTPDate.seconds($0) }),
      let modified = content.lastModified.flatMap({ HTTPDate.seconds($0) })
    else { return false }
    return modified <= since
  }

  /// The range to answer with; `nil` for the whole, as when the content is not the one the client
  /// began with (RFC 9110, 13.1.5).
  ///
  /// A date is as good as the tag where it is exactly that of the content: apt, which keeps no tags, has
  /// nothing else to ask with.
  func range(of content: Content) -> ByteRange? {
    if let ifRange, ifRange != content.validator, ifRange != content.lastModified { return nil }
    return range
  }
}
