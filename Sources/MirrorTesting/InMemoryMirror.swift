public import MirrorCore
import Synchronization

/// A mirror that does what it is told, and remembers what it was asked.
///
/// ```swift
/// let mirror = InMemoryMirror("acme")
/// mirror.script(request.identity, .text("wrong"), .text("right"))
/// let chain = FallbackChain([.mirror(mirror)], store: store)
/// _ = await chain.resolve(request)
/// #expect(mirror.requests.map(\.reloads) == [false, true])
/// ```
public final class InMemoryMirror: Mirror {
  /// The name used in messages and the ledger.
  public let name: String
  private let endpoint: String?
  private let script: Script
  private let log = Mutex<[Request]>([])

  /// Creates a mirror that holds nothing yet.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - endpoint: scheme, host and port that its requests would go to, if there is such a thing.
  ///   - finding: what it finds where it has no script; a miss unless said otherwise.
  public init(
    _ name: String = "memory", endpoint: String? = nil,
    otherwise finding: ScriptedFinding = .nothing()
  ) {
    self.name = name
    self.endpoint = endpoint
    script = Script(otherwise: finding)
  }

  /// Sets what successive requests of an identity find; the last finding repeats.
  ///
  /// A script replaces the one before; an empty one takes it away.
  public func script(_ identity: String, _ findings: ScriptedFinding...) {
    script.set(identity, findings)
  }

  /// Every request so far, in order of arrival.
  public var requests: [Request] { log.withLock { $0 } }

  /// The endpoint it was created with.
  public func endpoint(for request: Request) -> String? { endpoint }

  /// Does what the script says for the request's identity.
  public func fetch(
    _ request: Request, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    log.withLock { $0.append(request) }
    return try await script.next(for: request.identity).give(to: sink)
  }
}
