public import MirrorCore

/// What a fake does when it is asked for bytes.
///
/// The named ones cover the outcomes that the chain tells apart. One that has no name can be written
/// as a closure:
///
/// ```swift
/// ScriptedFinding { sink throws(MirrorError) in
///   try sink.begin(Content(size: 3), at: 0)
///   throw MirrorError(.unavailable, "the cable was pulled")
/// }
/// ```
public struct ScriptedFinding: Sendable {
  private let perform: @Sendable (any ByteSink) async throws(MirrorError) -> Finding

  /// Creates a finding from what is done with the sink.
  public init(_ perform: @escaping @Sendable (any ByteSink) async throws(MirrorError) -> Finding) {
    self.perform = perform
  }

  /// Does it.
  ///
  /// Findings that do something before or after another one call this.
  public func give(to sink: any ByteSink) async throws(MirrorError) -> Finding {
    try await perform(sink)
  }

  /// Gives all of the bytes, described truly.
  public static func bytes(
    _ bytes: some Sequence<UInt8>, as content: Content = Content()
  ) -> ScriptedFinding {
    let bytes = Array(bytes)
    var described = content
    described.size = bytes.count
    let content = described
    return ScriptedFinding { sink throws(MirrorError) in
      try sink.receive(bytes, as: content)
      return .content(content)
    }
  }

  /// Gives all of the text, as UTF-8.
  public static func text(_ text: String, as content: Content = Content()) -> ScriptedFinding {
    bytes(text.utf8, as: content)
  }

  /// Has no such thing.
  public static func nothing(_ reply: Reply? = nil) -> ScriptedFinding {
    ScriptedFinding { _ throws(MirrorError) in .nothing(reply) }
  }

  /// Throws an error of that code.
  public static func failure(
    _ code: MirrorError.Code, _ message: String? = nil, reply: Reply? = nil
  ) -> ScriptedFinding {
    let error = MirrorError(code, message ?? "told to be \(code.rawValue)", reply: reply)
    return ScriptedFinding { _ throws(MirrorError) in throw error }
  }

  /// Gives the beginning of a file, then fails: a connection that broke.
  ///
  /// - Parameters:
  ///   - bytes: the beginning.
  ///   - content: what is said of the whole; with a validator in it the rest may be asked for later.
  ///   - code: how it fails.
  public static func broken(
    after bytes: some Sequence<UInt8>, as content: Content = Content(),
    _ code: MirrorError.Code = .unavailable
  ) -> ScriptedFinding {
    let bytes = Array(bytes)
    return ScriptedFinding { sink throws(MirrorError) in
      try sink.begin(content, at: 0)
      try send(bytes, to: sink)
      throw MirrorError(code, "broke off after \(bytes.count) bytes")
    }
  }

  /// Gives a file piece by piece, and waits at the gate before each piece but the first.
  ///
  /// - Parameters:
  ///   - pieces: the pieces, with a gate between each and the next.
  ///   - content: what is said of the whole.
  public static func pieces(
    _ pieces: [String], waitingAt gates: [Gate], as content: Content = Content()
  ) -> ScriptedFinding {
    ScriptedFinding { sink throws(MirrorError) in
      try sink.begin(content, at: 0)
      for (index, piece) in pieces.enumerated() {
        if index > 0, index <= gates.count { await gates[index - 1].pass() }
        if Task.isCancelled { throw MirrorError(.unavailable, "cancelled") }
        try send(Array(piece.utf8), to: sink)
      }
      return .content(content)
    }
  }

  /// Continues what the sink already holds of these bytes, as a resumed transfer does.
  ///
  /// A sink that holds nothing gets all of them.
  public static func rest(
    of bytes: some Sequence<UInt8>, as content: Content = Content()
  ) -> ScriptedFinding {
    let bytes = Array(bytes)
    return ScriptedFinding { sink throws(MirrorError) in
      let offset = sink.partial?.count ?? 0
      try sink.begin(content, at: offset)
      try send(Array(bytes.dropFirst(offset)), to: sink)
      return .content(content)
    }
  }

  /// Answers only after the gate has been opened.
  public static func gated(_ gate: Gate, _ finding: ScriptedFinding) -> ScriptedFinding {
    ScriptedFinding { sink throws(MirrorError) in
      await gate.pass()
      return try await finding.give(to: sink)
    }
  }

  private static func send(_ bytes: [UInt8], to sink: any ByteSink) throws(MirrorError) {
    try bytes.withUnsafeBufferPointer { buffer throws(MirrorError) in
      try sink.write(UnsafeRawBufferPointer(buffer))
    }
  }
}
