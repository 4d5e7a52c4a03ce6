internal import HTTPTypes
import MirrorCore

/// An answer without the thing: a status that the tools understand, and one line that a person does.
struct Refusal: Error, Sendable {
  let status: Int
  let type: String
  let body: [UInt8]
  let headers: HTTPFields
  /// Whether the answer breaks off, so that even a tool that takes no notice of the status (curl
  /// without `-f`) sees a failed transfer, as it would have without us.
  let breaksOff: Bool

  init(
    status: Int, type: String = "text/plain; charset=utf-8", body: [UInt8],
    headers: HTTPFields = [:], breaksOff: Bool = false
  ) {
    self.status = status
    self.type = type
    self.body = body
    self.headers = headers
    self.breaksOff = breaksOff
  }

  /// The refusal for an error.
  ///
  /// Who asked for a whole URL gets the upstream's own words where there are some. Tools of an
  /// ecosystem get 403 where asking again is useless and 503 where it is not; never 404, which they
  /// would take for an authentic miss, and never 401 or 407, which would make them ask for a login.
  init(_ error: MirrorError, isProxied: Bool) {
    if isProxied, let reply = error.reply, reply.status != 407 {
      self.init(
        status: reply.status, type: reply.type ?? "text/plain", body: reply.body)
      return
    }
    let status =
      switch error.code {
      case .unavailable: 503
      case .denied, .refused, .offline: 403
      case .corrupt, .insecure: 502
      default: 500
      }
    self.init(
      status: status, body: Array("mirror: \(error.message)\n".utf8), breaksOff: isProxied)
  }

  /// The refusal for an error in a conversation: the upstream's own words where it had some.
  init(conversing error: MirrorError) {
    guard let reply = error.reply else {
      self.init(error, isProxied: false)
      return
    }
    self.init(status: reply.status, type: reply.type ?? "text/plain", body: reply.body)
  }

  /// An authentic miss, in the origin's words for who asked for a whole URL.
  static func notFound(_ reply: Reply?, isProxied: Bool) -> Refusal {
    if isProxied, let reply {
      return Refusal(status: reply.status, type: reply.type ?? "text/plain", body: reply.body)
    }
    return Refusal(status: 404, body: Array("mirror: not found\n".utf8))
  }

  /// A path that no ecosystem knows.
  static let unknown = Refusal(
    status: 404, body: Array("mirror: no ecosystem of this gateway knows this path\n".utf8))

  /// A method we do not carry.
  static func unsupported(_ method: String) -> Refusal {
    Refusal(status: 501, body: Array("mirror: carries GET and HEAD, not \(method)\n".utf8))
  }

  /// A question that is longer than any tool's, or that broke off.
  static let tooLong = Refusal(
    status: 413, body: Array("mirror: the request is longer than 10 MiB, or broke off\n".utf8))

  /// The question for the token.
  static func login(_ exchange: ClientExchange) -> Refusal {
    let status = exchange.asksAsProxy ? 407 : 401
    let name: HTTPField.Name = exchange.asksAsProxy ? .proxyAuthenticate : .wwwAuthenticate
    return Refusal(
      status: status, body: Array("mirror: this gateway belongs to another run\n".utf8),
      headers: [name: "Basic realm=\"mirror\""])
  }
}
