/// A barrier that a test holds closed while it looks at what waits behind it.
///
/// ``FaultAnswer/gated(_:_:)`` and ``FaultAnswer/stalls(_:after:until:etag:lastModified:)`` wait at
/// a gate, so a test can act at a known moment of an exchange without sleeping:
///
/// ```swift
/// let gate = Gate()
/// server.script("/a", .gated(gate, .file(bytes)))
/// async let download = fetch(server.url + "/a")
/// await gate.waitForRequests(1)
/// gate.open()
/// ```
public final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var nextTicket = 0
    var waiting: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Watched(State())
  private let crowd: Int

  /// Creates a closed gate.
  ///
  /// - Parameter crowd: how many requests that wait at once open it by themselves: for a test that can do nothing
  ///   meanwhile.
  public init(opensAt crowd: Int = .max) { self.crowd = crowd }

  /// The number of requests that wait now.
  public var waiting: Int { state.value.waiting.count }

  /// Lets everything that waits proceed, in order of arrival, and holds nothing up afterwards.
  public func open() {
    let released = state.update { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting.sorted { $0.key < $1.key }.map(\.value)
    }
    for proceed in released { proceed() }
  }

  /// Waits until at least this many requests wait at the gate, or the task is cancelled.
  public func waitForRequests(_ count: Int) async {
    await state.wait { $0.waiting.count >= count }
  }

  /// Takes a place at the gate; nil when it is open and there is nothing to wait for.
  func enter(_ proceed: @escaping @Sendable () -> Void) -> Int? {
    let place: (ticket: Int, isLast: Bool)? = state.update { state in
      if state.isOpen { return nil }
      state.nextTicket += 1
      state.waiting[state.nextTicket] = proceed
      return (state.nextTicket, state.waiting.count >= crowd)
    }
    if place?.isLast == true { open() }
    return place?.ticket
  }

  /// Gives up a place, because the client went away.
  func leave(_ ticket: Int) {
    state.update { $0.waiting[ticket] = nil }
  }
}
