import MirrorCore
import MirrorTesting
import Testing

/// One cell of the table in Documentation/Chain.md: a fault of the first source, and the circumstances.
struct Cell: Sendable, CustomTestStringConvertible {
  /// What the first source does when it is asked for the file.
  enum Fault: String, CaseIterable, Sendable {
    case ok, notFound, gone, unauthorized, forbidden, tooManyRequests, serverError, overloaded
    case refused, hang, truncated, wrongBytes, htmlPage, empty, redirectElsewhere, httpsToHTTP
    case wrongContentRange, changedBetweenAttempts
  }

  /// How a tool asks.
  enum Ecosystem: String, CaseIterable, Sendable { case web, pip, go, apt }

  var fault: Fault
  var ecosystem: Ecosystem
  var isPinned: Bool
  var isGatekeeper: Bool
  var hasOrigin: Bool

  /// Every cell.
  static var all: [Cell] {
    var cells: [Cell] = []
    for fault in Fault.allCases {
      for ecosystem in Ecosystem.allCases {
        for bits in 0..<8 {
          cells.append(
            Cell(
              fault: fault, ecosystem: ecosystem, isPinned: bits & 1 != 0,
              isGatekeeper: bits & 2 != 0, hasOrigin: bits & 4 != 0))
        }
      }
    }
    return cells
  }

  var testDescription: String {
    "\(ecosystem) \(fault)\(isPinned ? " pinned" : "")\(isGatekeeper ? " gatekeeper" : "")"
      + (hasOrigin ? " origin" : "")
  }

  /// What the tool must be given.
  enum Expectation: Equatable {
    /// The right bytes, from that source.
    case bytes(from: String)
    /// The first source's other bytes: nothing says that they are wrong.
    case otherBytes
    /// A refusal with that status, and the error's code in the ledger.
    case refusal(status: Int, code: String)
  }

  /// What the rules say.
  var expectation: Expectation {
    switch fault {
    case .ok, .redirectElsewhere, .wrongContentRange, .changedBetweenAttempts:
      return .bytes(from: "acme")
    case .notFound, .gone:
      return hasOrigin ? .bytes(from: "origin") : .refusal(status: 403, code: "refused")
    case .unauthorized, .forbidden:
      return .refusal(status: 403, code: "denied")
    case .httpsToHTTP:
      return .refusal(status: 502, code: "insecure")
    case .wrongBytes where !isPinned:
      return hasOwnCheck ? .refusal(status: 502, code: "corrupt") : .otherBytes
    case .wrongBytes:
      return goesOn ? .bytes(from: "origin") : .refusal(status: 502, code: "corrupt")
    case .tooManyRequests, .serverError, .overloaded, .refused, .hang, .truncated, .htmlPage,
      .empty:
      return goesOn ? .bytes(from: "origin") : .refusal(status: 503, code: "unavailable")
    }
  }

  /// The outcome of the first source in the trail.
  var firstOutcome: Attempt.Outcome {
    switch fault {
    case .ok, .redirectElsewhere, .wrongContentRange, .changedBetweenAttempts: .hit
    case .notFound, .gone: .miss
    case .unauthorized, .forbidden: .denied
    case .httpsToHTTP: .insecure
    case .wrongBytes: isPinned || hasOwnCheck ? .corrupt : .hit
    default: .unavailable
    }
  }

  /// How often the first source is asked for the file: once and three retries for what may pass, once
  /// more with caches passed by for what is not the file.
  var requestsAtMirror: ClosedRange<Int> {
    let count: Int
    switch fault {
    case .refused: count = 0
    case .tooManyRequests, .serverError, .overloaded, .truncated: count = 4
    // Silence uses up the time that the source is given.
    case .hang: return 1...4
    case .htmlPage, .empty: count = 2
    case .wrongBytes: count = isPinned || hasOwnCheck ? 2 : 1
    case .wrongContentRange: count = 3
    case .changedBetweenAttempts: count = 2
    default: count = 1
    }
    return count...count
  }

  /// Whether the ecosystem knows wrong bytes without a pin, and shows none before it has looked: so a
  /// module's zip.
  var hasOwnCheck: Bool { ecosystem == .go }

  private var goesOn: Bool { hasOrigin && !isGatekeeper }
}
