/// Cuts what comes on a connection into answers.
package struct GatewayAnswerReader: Sendable {
  /// How the end of a body is told (RFC 9112, 6.3).
  package enum Framing: Sendable, Equatable {
    case counted(Int)
    case chunked
    case untilClosed
  }

  /// What comes next.
  package enum Event: Sendable, Equatable {
    case head(GatewayAnswer)
    case body(ArraySlice<UInt8>)
    case end
  }

  /// The bytes are no answer of HTTP/1.1.
  package struct Malformed: Error {}

  private enum State {
    case head
    case body(Int)
    case untilClosed
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailer
    case end
  }

  /// The longest head, and the longest line of a chunk, in bytes.
  private static let longest = 64 << 10

  private var state = State.head
  private var kept: [UInt8] = []

  package init() {}

  /// Whether nothing of an answer has come yet.
  package var isBetweenAnswers: Bool {
    if case .head = state { return kept.isEmpty }
    return false
  }

  /// Whether the end of the connection is the end of the answer.
  package var mayEnd: Bool {
    if case .untilClosed = state { return true }
    return false
  }

  /// Takes the next event from the front of what came; nil when more has to come for one.
  package mutating func next(
    _ bytes: inout ArraySlice<UInt8>
  ) throws(Malformed) -> Event? {
    while true {
      switch state {
      case .head:
        guard let lines = try lines(&bytes, until: [13, 10, 13, 10]) else { return nil }
        guard let answer = GatewayAnswer(lines), let framing = answer.framing else {
          throw Malformed()
        }
        // An answer that only announces another one.
        if answer.status < 200 { continue }
        switch framing {
        case .counted(0): state = .end
        case .counted(let count): state = .body(count)
        case .chunked: state = .chunkSize
        case .untilClosed: state = .untilClosed
        }
        return .head(answer)
      case .body(let count):
        guard let piece = Self.piece(&bytes, count) else { return nil }
        state = piece.count == count ? .end : .body(count - piece.count)
        return .body(piece)
      case .untilClosed:
        return Self.piece(&bytes, .max).map { .body($0) }
      case .chunkSize:
        guard let line = try lines(&bytes, until: [13, 10]) else { return nil }
        let digits = line.prefix { $0 != ";" && $0 != " " }
        guard let count = Int(digits, radix: 16), count >= 0 else { throw Malformed() }
        state = count == 0 ? .trailer : .chunk(count)
      case .chunk(let count):
        guard let piece = Self.piece(&bytes, count) else { return nil }
        state = piece.count == count ? .chunkEnd : .chunk(count - piece.count)
        return .body(piece)
      case .chunkEnd:
        guard let line = try lines(&bytes, until: [13, 10]) else { return nil }
        guard line.isEmpty else { throw Malformed() }
        state = .chunkSize
      case .trailer:
        guard let line = try lines(&bytes, until: [13, 10]) else { return nil }
        if line.isEmpty { state = .end }
      case .end:
        state = .head
        return .end
      }
    }
  }

  private static func piece(_ bytes: inout ArraySlice<UInt8>, _ most: Int) -> ArraySlice<UInt8>? {
    guard !bytes.isEmpty else { return nil }
    let piece = bytes.prefix(most)
    bytes = bytes.dropFirst(most)
    return piece
  }

  /// The text before a mark, which is taken away with it; nil when the mark has not come.
  private mutating func lines(
    _ bytes: inout ArraySlice<UInt8>, until mark: [UInt8]
  ) throws(Malformed) -> String? {
    while let byte = bytes.popFirst() {
      kept.append(byte)
      guard kept.count <= Self.longest else { throw Malformed() }
      guard byte == 10, kept.suffix(mark.count).elementsEqual(mark) else { continue }
      defer { kept = [] }
      return String(decoding: kept.dropLast(mark.count), as: UTF8.self)
    }
    return nil
  }
}
