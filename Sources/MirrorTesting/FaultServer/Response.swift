/// A well-formed response, from which the answers start before they break something.
struct Response {
  var status: Int
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Returns the steps that send the head and all of the body at once.
  func steps(for request: SeenRequest) -> [FaultAnswer.Step] {
    steps(for: request, sending: body.count, then: [])
  }

  /// Returns the steps that send the head with the first bytes of the body, and then do something
  /// else; the answer to a HEAD is the head alone.
  func steps(
    for request: SeenRequest, sending count: Int, then rest: [FaultAnswer.Step]
  ) -> [FaultAnswer.Step] {
    let isHead = request.method == "HEAD"
    var steps: [FaultAnswer.Step] = [.send(head(for: request) + (isHead ? [] : body.prefix(count)))]
    if !isHead { steps += rest }
    if request.wantsClose || value(of: "connection")?.lowercased() == "close" {
      steps.append(.hangUp(.orderly))
    }
    return steps
  }

  private func head(for request: SeenRequest) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(Self.reason(status))\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    let isFramed = value(of: "content-length") != nil || value(of: "transfer-encoding") != nil
    if !isFramed, status >= 200, status != 204, status != 304 {
      text += "Content-Length: \(body.count)\r\n"
    }
    if request.wantsClose, value(of: "connection") == nil { text += "Connection: close\r\n" }
    return Array((text + "\r\n").utf8)
  }

  private func value(of name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 206: "Partial Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 407: "Proxy Authentication Required"
    case 410: "Gone"
    case 416: "Range Not Satisfiable"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    default: "Status \(status)"
    }
  }
}
