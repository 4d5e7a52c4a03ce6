internal import NIOCore

/// All that changes while a ``FaultServer`` runs.
struct ServerState {
  struct Proxy {
    var authorization: String?
  }

  /// What a connection does for a request.
  enum Reply {
    case answer(FaultAnswer)
    case tunnel(host: String, port: Int)
  }

  var scripts: [String: [FaultAnswer]] = [:]
  var defaultAnswer = FaultAnswer.status(404)
  var proxy: Proxy?
  var requests: [SeenRequest] = []
  var clients: ChannelList = [:]
  var tunnelEnds: ChannelList = [:]
  var isStopping = false

  /// Records a request and decides what it gets.
  mutating func reply(to request: SeenRequest) -> Reply {
    requests.append(request)
    let isProxied = request.method == "CONNECT" || request.target != request.path
    if isProxied, let authorization = proxy?.authorization,
      request.headers["proxy-authorization"] != authorization
    {
      return .answer(.status(407, headers: ["Proxy-Authenticate": "Basic realm=\"test\""]))
    }
    if let answer = takeAnswer(request.target) ?? takeAnswer(request.path) {
      return .answer(answer)
    }
    if request.method == "CONNECT", proxy != nil, let address = Self.address(request.target) {
      return .tunnel(host: address.host, port: address.port)
    }
    return .answer(defaultAnswer)
  }

  private mutating func takeAnswer(_ path: String) -> FaultAnswer? {
    guard let answers = scripts[path] else { return nil }
    if answers.count > 1 { scripts[path] = Array(answers.dropFirst()) }
    return answers.first
  }

  private static func address(_ authority: String) -> (host: String, port: Int)? {
    guard let colon = authority.lastIndex(of: ":"),
      let port = Int(authority[authority.index(after: colon)...])
    else { return nil }
    let host = authority[..<colon]
    return (host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host), port)
  }
}

extension Watched<ServerState> {
  /// Keeps a channel for as long as it is open, so that nothing outlives the server.
  func track(
    _ channel: any Channel, in list: any WritableKeyPath<ServerState, ChannelList> & Sendable
  ) {
    let id = ObjectIdentifier(channel)
    let isStopping = update { state in
      state[keyPath: list][id] = channel
      return state.isStopping
    }
    channel.closeFuture.whenComplete { _ in self.update { $0[keyPath: list][id] = nil } }
    // A client accepted in the moment of the shutdown is not in the list that is being closed.
    if isStopping { channel.close(promise: nil) }
  }
}

/// Open channels by identity.
typealias ChannelList = [ObjectIdentifier: any Channel]
