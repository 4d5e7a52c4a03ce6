import MirrorCore
import Synchronization

/// The upstream of the go command: the user's own GOPROXY list, walked as the go command walks it.
final class GoOrigin: Mirror {
  let name = "origin"
  private let settings: GoSettingsOnce
  private let transport: any Transport
  private let heads: SumHeads
  private let direct: DirectModules
  private let databases = Mutex<[String: Database]>([:])

  init(over transport: any Transport, in surroundings: Surroundings, heads: SumHeads) {
    self.transport = transport
    self.heads = heads
    settings = GoSettingsOnce(surroundings)
    direct = DirectModules(surroundings)
  }

  func location(of request: Request) -> String? { "go's own GOPROXY" }

  func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    guard let path = request.proxyPath else { return .nothing(nil) }
    if let database = path.sumDatabase {
      let place = try await self.place(of: database, request)
      return try await fetch(
        path, of: request, from: place.base, isDatabase: !place.isProxy, to: sink)
    }
    let list = try await settings.value().proxies(for: path.module)
    return try await walk(list, for: request, path, to: sink)
  }

  // MARK: Modules

  /// Asks one after the other; of several failures the first that is no miss is told.
  private func walk(
    _ list: ProxyList, for request: Request, _ path: ProxyPath, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    var words: Reply?
    var failure: MirrorError?
    for entry in list.entries {
      do throws(MirrorError) {
        let finding = try await ask(entry.place, for: request, path, to: sink)
        guard case .nothing(let reply) = finding else { return finding }
        words = words ?? reply
      } catch {
        guard entry.goesOnAfterFailure else { throw failure ?? error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return .nothing(words)
  }

  private func ask(
    _ place: ProxyList.Place, for request: Request, _ path: ProxyPath, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    switch place {
    case .proxy(let base):
      return try await fetch(path, of: request, from: base, to: sink)
    case .direct:
      return try await direct.fetch(path, to: sink)
    case .off:
      throw MirrorError(
        .refused, "\(request.identity): go's own GOPROXY says off, so nobody may be asked")
    }
  }

  private func fetch(
    _ path: ProxyPath, of request: Request, from base: Locator, isDatabase: Bool = false,
    to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let client = ProxyClient(
      source: name, base: base, isDatabase: isDatabase, transport: transport, heads: heads)
    let sink = SingleSourceSink(sink, endpoint: base.endpoint)
    return try await client.fetch(path, of: request, to: sink) {
      retrieval(of: $0, request)
    }
  }

  private func retrieval(of locator: Locator, _ request: Request) -> Retrieval {
    Retrieval(
      locator, subject: request.identity, source: name, reloads: request.reloads,
      isGatekeeper: true)
  }

  // MARK: Checksum databases

  /// Where a checksum database is asked.
  private struct Database {
    var base: Locator
    /// Whether that is a proxy that speaks for it.
    var isProxy: Bool
  }

  private func place(
    of database: String, _ request: Request
  ) async throws(MirrorError) -> Database {
    if let known = databases.withLock({ $0[database] }) { return known }
    let place = try await find(database, request)
    databases.withLock { $0[database] = place }
    return place
  }

  /// At the URL that GOSUMDB gives it, else at the first proxy that speaks for it, else at its name, as
  /// the go command does (modfetch/sumdb.go).
  private func find(
    _ database: String, _ request: Request
  ) async throws(MirrorError) -> Database {
    let settings = await settings.value()
    if let own = settings.sumDatabase(database) { return Database(base: own, isProxy: false) }
    for entry in try settings.proxies(for: nil).entries {
      switch entry.place {
      case .proxy(let proxy):
        if try await supports(database, proxy, entry, request) {
          return Database(base: proxy, isProxy: true)
        }
      case .off:
        throw MirrorError(
          .refused, "\(request.identity): go's own GOPROXY says off, so nobody may be asked")
      case .direct: break
      }
    }
    guard let base = Locator("https://\(database)") else {
      throw MirrorError(
        .misconfigured, "\(request.identity): '\(database)' is no name of a server")
    }
    return Database(base: base, isProxy: false)
  }

  private func supports(
    _ database: String, _ proxy: Locator, _ entry: ProxyList.Entry, _ request: Request
  ) async throws(MirrorError) -> Bool {
    let question = proxy.appending(ProxyPath.sumSupported(database).encoded)
    do throws(MirrorError) {
      let finding = try await transport.get(
        retrieval(of: question, request), to: MemorySink(limit: 1 << 16))
      if case .content = finding { return true }
      return false
    } catch {
      guard entry.goesOnAfterFailure else { throw error }
      return false
    }
  }
}
