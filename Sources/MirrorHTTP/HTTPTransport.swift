internal import AsyncHTTPClient
public import MirrorCore
internal import NIOCore

/// The one HTTP client: retries, checked resume, redirects, credentials, proxies and TLS.
///
/// It is asked for a URL and gives the bytes to a sink. It never follows `https` to `http`, never
/// shows a credential to a host it was not meant for, and never waits without end.
public final class HTTPTransport: Transport {
  private let pool: ClientPool
  private let credentials: Credentials
  private let patience: Patience

  /// Creates a transport.
  ///
  /// - Parameters:
  ///   - environment: where proxies, netrc and `env:` credentials are found.
  ///   - usesNetrc: whether netrc is read at all.
  ///   - certificateAuthorities: a PEM file trusted besides the system's.
  /// - Throws: `misconfigured` when that file cannot be read.
  public init(
    environment: [String: String], usesNetrc: Bool = true, patience: Patience = .standard,
    certificateAuthorities: String? = nil
  ) throws(MirrorError) {
    self.patience = patience
    credentials = Credentials(environment: environment, usesNetrc: usesNetrc)
    pool = try ClientPool(
      proxies: ProxySettings(environment: environment), patience: patience,
      certificateAuthorities: certificateAuthorities)
  }

  /// Closes every connection; the transport must not be used afterwards.
  public func shutDown() async { await pool.shutDown() }

  /// Gets a URL: once, and again after passing failures, from where the last attempt broke off.
  public func get(
    _ retrieval: Retrieval, to sink: any ByteSink
  ) async throws(MirrorError) -> Finding {
    let meter = ProgressMeter(sink)
    return try await persist(retrieval, meter) { exchange throws(TransferFailure) in
      try await exchange.run(to: meter)
    }
  }

  /// Tries once, and again after passing failures.
  func persist<Outcome>(
    _ retrieval: Retrieval, _ meter: ProgressMeter,
    _ operation: (Exchange) async throws(TransferFailure) -> Outcome
  ) async throws(MirrorError) -> Outcome {
    let exchange = Exchange(
      retrieval: retrieval, pool: pool, credentials: credentials, patience: patience)
    var attempt = 0
    while true {
      do throws(TransferFailure) {
        return try await operation(exchange)
      } catch {
        guard case .passing(let error, let retryAfter, let isBusy) = error else {
          throw error.error
        }
        attempt += 1
        guard attempt <= patience.retries else { throw error }
        var wait = patience.wait(before: attempt, isBusy: isBusy)
        if let retryAfter {
          let limit =
            retrieval.isGatekeeper ? patience.lastRetryAfterLimit : patience.retryAfterLimit
          guard retryAfter <= limit else { throw error }
          wait = max(wait, retryAfter)
        } else if meter.silence + wait > patience.budget {
          throw error
        }
        do { try await Task.sleep(for: wait) } catch {
          throw MirrorError(.unavailable, "cancelled")
        }
      }
    }
  }
}
