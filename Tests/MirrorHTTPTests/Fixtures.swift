import MirrorCore
import MirrorHTTP
import MirrorTesting
import Synchronization
import Testing

extension Patience {
  /// Retries as ever, but hardly waits.
  static let quick: Patience = {
    var patience = Patience()
    patience.pause = .milliseconds(1)
    patience.busyPause = .milliseconds(1)
    patience.connect = .seconds(50)
    patience.firstByte = .seconds(50)
    patience.stall = .seconds(50)
    return patience
  }()

  /// The same without retries.
  static let once: Patience = {
    var patience = quick
    patience.retries = 0
    return patience
  }()
}

extension HTTPTransport {
  /// Runs a transport that knows nothing of the user's own environment.
  @discardableResult
  static func run<R>(
    _ environment: [String: String] = [:], patience: Patience = .quick,
    trusting path: String? = nil, usesNetrc: Bool = true,
    _ body: (HTTPTransport) async throws -> R
  ) async throws -> R {
    let transport = try HTTPTransport(
      environment: environment, usesNetrc: usesNetrc, patience: patience,
      certificateAuthorities: path)
    do {
      let result = try await body(transport)
      await transport.shutDown()
      return result
    } catch {
      await transport.shutDown()
      throw error
    }
  }

  /// Gets a URL, and fails the test where that throws.
  @discardableResult
  func get(
    _ url: String, to sink: FileSink = FileSink(),
    _ change: (inout Retrieval) -> Void = { _ in }
  ) async throws -> (finding: Finding, text: String) {
    let finding = try await get(try Self.retrieval(url, change), to: sink)
    return (finding, sink.text)
  }

  /// Gets a URL, and gives the error that this must throw.
  func failure(
    of url: String, to sink: FileSink = FileSink(), _ change: (inout Retrieval) -> Void = { _ in }
  ) async throws -> MirrorError {
    let retrieval = try Self.retrieval(url, change)
    let error = await #expect(throws: MirrorError.self) {
      try await self.get(retrieval, to: sink)
    }
    return try #require(error)
  }

  private static func retrieval(
    _ url: String, _ change: (inout Retrieval) -> Void
  ) throws -> Retrieval {
    var retrieval = Retrieval(try #require(Locator(url)), subject: "tool.tgz", source: "acme")
    change(&retrieval)
    return retrieval
  }
}

extension Finding {
  /// The description of bytes that were given.
  var content: Content? {
    if case .content(let content) = self { content } else { nil }
  }

  /// The status of an answer that there is nothing.
  var absence: Int? {
    if case .nothing(let reply) = self { reply?.status } else { nil }
  }
}

/// A sink that keeps what a broken transfer left, as the store does.
final class FileSink: ByteSink {
  private let state: Mutex<(bytes: [UInt8], content: Content?)>

  init(holding text: String = "", of content: Content? = nil) {
    state = Mutex((Array(text.utf8), content))
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var partial: Partial? {
    state.withLock { state in
      guard let content = state.content, !state.bytes.isEmpty, content.validator != nil else {
        return nil
      }
      return Partial(count: state.bytes.count, content: content)
    }
  }

  func begin(_ content: Content, at offset: Int) throws(MirrorError) {
    state.withLock { $0 = (Array($0.bytes.prefix(offset)), content) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    state.withLock { $0.bytes += bytes }
  }
}

/// Answers one after the other; the last one repeats.
final class FaultScript: Sendable {
  private let answers: Mutex<[FaultAnswer]>

  init(_ answers: [FaultAnswer]) { self.answers = Mutex(answers) }

  func next() -> FaultAnswer {
    answers.withLock { answers in
      answers.count > 1 ? answers.removeFirst() : answers.first ?? .status(500)
    }
  }
}
