import MirrorCore

/// The archives that apt itself would ask, with the logins that it would show them.
struct AptOrigin: Mirror {
  let name = "origin"
  private let transport: any Transport
  private let logins: AptLogins

  init(transport: any Transport, surroundings: Surroundings) {
    self.transport = transport
    logins = AptLogins(surroundings)
  }

  func endpoint(for request: Request) -> String? { request.origin.endpoint }

  func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    var url = request.origin
    if url.userInfo == nil { url = url.carrying(await logins.login(for: url)) }
    return try await transport.get(
      Retrieval(
        url, subject: request.identity, source: name, accept: request.accept,
        reloads: request.reloads, isGatekeeper: true), to: sink)
  }
}
