public import MirrorCore
import Synchronization

/// A transport without a network: it gives what the script has for a URL, and remembers what it was
/// asked.
///
/// ```swift
/// let transport = FakeTransport()
/// transport.script("https://mirror.example/simple/six/", .text(index))
/// _ = try await mirror.fetch(request, to: MemorySink())
/// #expect(transport.retrievals.map(\.locator.url) == ["https://mirror.example/simple/six/"])
/// ```
public final class FakeTransport: Transport {
  private let script: Script
  private let log = Mutex<[Retrieval]>([])

  /// Creates a transport.
  ///
  /// - Parameter finding: what it finds where it has no script; a 404 unless said otherwise.
  public init(otherwise finding: ScriptedFinding = .nothing(Reply(status: 404))) {
    script = Script(otherwise: finding)
  }

  /// Sets what successive retrievals of a URL find; the last finding repeats.
  ///
  /// - Parameter url: the URL as `Locator.url` has it, without user info.
  public func script(_ url: String, _ findings: ScriptedFinding...) {
    script.set(url, findings)
  }

  /// Every retrieval so far, in order of arrival.
  public var retrievals: [Retrieval] { log.withLock { $0 } }

  /// Does what the script says for the URL.
  public func get(
    _ retrieval: Retrieval, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    log.withLock { $0.append(retrieval) }
    return try await script.next(for: retrieval.locator.url).give(to: sink)
  }
}
