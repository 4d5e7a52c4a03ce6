internal import HTTPTypes
internal import HummingbirdCore
import MirrorCore
internal import NIOCore

/// Answers one HTTP request: asks the resolvers what it means, and the courier for the thing.
struct Responder: Sendable {
  let resolvers: [any Resolver]
  let courier: Courier
  let ledger: any Ledger
  let frozen: Lockfile?
  let doorkeeper: Doorkeeper
  let surroundings: Surroundings

  @concurrent func respond(
    to request: HummingbirdCore.Request, with writer: consuming ResponseWriter,
    on eventLoop: EventLoopExecutor
  ) async throws {
    let exchange = ClientExchange(request)
    guard let (target, visitor) = admit(request) else {
      return try await writer.write(Refusal.login(exchange), to: exchange)
    }
    let method = exchange.isHead ? "GET" : request.method.rawValue
    let found = answer(to: target) { what in
      Query(what, method: method, accept: request.headers[.accept], mark: visitor.mark)
    }
    guard exchange.isGet || exchange.isHead || (found?.0.isConversation ?? false) else {
      return try await writer.write(.unsupported(request.method.rawValue), to: exchange)
    }
    guard let (answer, isProxied) = found else {
      return try await writer.write(.unknown, to: exchange)
    }
    switch answer {
    case .conversation(let begin):
      switch await speech(in: request, begin) {
      case .success(let speech): try await writer.write(speech, to: exchange)
      case .failure(let refusal): try await writer.write(refusal, to: exchange)
      }
    case .document(let document):
      try await writer.write(document, to: exchange)
    case .nothing(let request, let reason):
      ledger.record(request, .failed(reason, []))
      try await writer.write(Refusal(reason, isProxied: isProxied), to: exchange)
    case .artifact(let request, let showsRedirect):
      let delivery = ArtifactResponse(
        request: request, exchange: exchange, showsRedirect: showsRedirect, isProxied: isProxied)
      try await delivery.write(courier.open(request, on: eventLoop), with: writer)
    case .page(let request, let render):
      switch await page(request, render) {
      case .success(let document): try await writer.write(document, to: exchange)
      case .failure(let refusal): try await writer.write(refusal, to: exchange)
      }
    }
  }

  // MARK: What is asked

  /// The target without the token, and who asks; `nil` when the client did not show the token.
  private func admit(_ request: HummingbirdCore.Request) -> (target: String, Visitor)? {
    let path = RequestTarget.of(request.head)
    if let rest = doorkeeper.path(admittedIn: path) { return (rest, Visitor()) }
    let shown = [request.headers[.proxyAuthorization], request.headers[.authorization]]
    return doorkeeper.visitor(shownIn: shown).map { (path, $0) }
  }

  /// The first resolver's answer, and whether a whole URL was asked for.
  private func answer(
    to target: String, asking: (Query.Target) -> Query
  ) -> (Answer, isProxied: Bool)? {
    guard target.hasPrefix("/") else {
      guard let url = Locator(target) else { return nil }
      let query = asking(.url(url))
      return resolvers.lazy.compactMap { $0.answer(to: query, frozen: frozen) }.first
        .map { ($0, true) }
    }
    let words = target.dropFirst().split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2,
      let resolver = resolvers.first(where: { $0.ecosystem.rawValue == words[0] })
    else { return nil }
    let query = asking(.path(String(words[1])))
    return resolver.answer(to: query, frozen: frozen).map { ($0, false) }
  }

  // MARK: Conversations

  /// The most that a tool may say before it is answered, in bytes: as much as git's own server takes
  /// (git-http-backend(1), GIT_HTTP_MAX_REQUEST_BUFFER), for all of it is held in memory.
  private static let longestQuestion = 10 << 20

  private func speech(
    in request: HummingbirdCore.Request,
    _ begin: @Sendable (Conversation) async throws(MirrorError) -> Speech
  ) async -> Result<Speech, Refusal> {
    var body: [UInt8] = []
    do {
      for try await piece in request.body {
        body += piece.readableBytesView
        guard body.count <= Self.longestQuestion else { return .failure(.tooLong) }
      }
    } catch {
      return .failure(.tooLong)
    }
    var headers: [String: String] = [:]
    for field in request.headers { headers[field.name.canonicalName] = field.value }
    headers["host"] = request.head.authority
    let courier = courier
    let conversation = Conversation(headers: headers, body: body, surroundings: surroundings) {
      await courier.resolve($0)
    }
    do throws(MirrorError) {
      return .success(try await begin(conversation))
    } catch {
      return .failure(Refusal(conversing: error))
    }
  }

  // MARK: Pages

  private func page(
    _ request: MirrorCore.Request,
    _ render: @Sendable ([UInt8], Content) throws(MirrorError) -> Document
  ) async -> Result<Document, Refusal> {
    switch await courier.resolve(request) {
    case .satisfied(let delivery, _):
      do throws(MirrorError) {
        let bytes = try delivery.file.read(at: 0, count: delivery.size)
        return .success(try render(bytes, delivery.content))
      } catch {
        return .failure(Refusal(error, isProxied: false))
      }
    case .missed: return .failure(.notFound(nil, isProxied: false))
    case .failed(let error, _): return .failure(Refusal(error, isProxied: false))
    }
  }
}
