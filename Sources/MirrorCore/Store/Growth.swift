import Synchronization

/// A view of a transfer under way: what its readers may already have.
///
/// Any number of tasks read behind one transfer. Bytes of an unpinned file are visible as they come;
/// those of a pinned file only once all of them were verified. When a source breaks off and the next
/// one starts, the readers go on only if the new bytes begin exactly like those they were given;
/// otherwise they are told that the transfer broke, and must not end their answer as if it were whole.
public final class Growth: Sendable {
  /// How a reader can begin.
  public enum Opening: Sendable {
    /// There are bytes, or will be: this is their description.
    case flowing(Content)
    /// The request ended without any bytes to read behind.
    case settled(Resolution)
  }

  /// What a reader finds behind an offset.
  public enum Progress: Sendable {
    /// The file has bytes up to this offset.
    case ready(OpenFile, upTo: Int)
    /// There are no more bytes, and all were verified.
    case complete
    /// What was read so far is not the beginning of anything that could be verified.
    case broken(MirrorError)
  }

  private enum End {
    case complete
    case broken(MirrorError)
  }

  private struct State {
    var file: OpenFile?
    var candidate: OpenFile?
    var content: Content?
    var visible = 0
    var end: End?
    var resolution: Resolution?
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0
  }

  private let state = Mutex(State())

  /// Creates the view of a transfer that has not begun.
  public init() {}

  // MARK: The reader's side

  /// Waits until there is something to read or to say.
  ///
  /// Who comes after the bytes that flowed turned out wrong waits for the end of the request.
  public func opening() async -> Opening {
    await wait { state in
      let isBroken = if case .broken = state.end { true } else { false }
      if let content = state.content, !isBroken { return .flowing(content) }
      return state.resolution.map { .settled($0) }
    } ?? .settled(.failed(MirrorError(.unavailable, "cancelled"), []))
  }

  /// Waits until there are bytes behind the offset, or none to come.
  public func progress(after offset: Int) async -> Progress {
    await wait { state in
      if case .broken(let error) = state.end { return .broken(error) }
      if let file = state.file, state.visible > offset {
        return .ready(file, upTo: state.visible)
      }
      if case .complete = state.end { return .complete }
      switch state.resolution {
      case .satisfied: return .complete
      case .failed(let error, _): return .broken(error)
      case .missed: return .broken(Self.disagreement)
      case nil: return nil
      }
    } ?? .broken(MirrorError(.unavailable, "cancelled"))
  }

  /// Waits for the end of the request.
  public func resolution() async -> Resolution {
    await wait { $0.resolution } ?? .failed(MirrorError(.unavailable, "cancelled"), [])
  }

  // MARK: The transfer's side

  /// A source begins to give bytes that may be seen at once.
  func flow(_ file: OpenFile, _ content: Content) {
    change { state in
      if state.content == nil {
        state.file = file
        state.content = content
      } else if state.file !== file || state.visible > 0 {
        state.candidate = file
      }
    }
  }

  /// The source that flows has given this many bytes.
  func advance(to count: Int) {
    change { state in
      guard state.end == nil, state.file != nil else { return }
      if let candidate = state.candidate {
        guard count >= state.visible else { return }
        Self.join(candidate, &state)
      }
      if state.end == nil { state.visible = max(state.visible, count) }
    }
  }

  /// All bytes are here and were verified.
  func verify(_ file: OpenFile, size: Int, _ content: Content) {
    change { state in
      guard state.end == nil else { return }
      guard let shown = state.content else {
        (state.file, state.content, state.visible) = (file, content, size)
        state.end = .complete
        return
      }
      let lengthHolds = shown.size.map { $0 == size } ?? true
      if lengthHolds, size >= state.visible {
        if state.file !== file || state.candidate != nil { Self.join(file, &state) }
      } else {
        state.end = .broken(Self.disagreement)
      }
      guard state.end == nil else { return }
      state.visible = size
      // Who comes now can be told how long it is, whatever the source said.
      state.content?.size = size
      state.end = .complete
    }
  }

  /// The request has ended; the last word, which whoever resolves the request says.
  public func settle(_ resolution: Resolution) {
    change { $0.resolution = resolution }
  }

  // MARK: Inside

  private static let disagreement = MirrorError(
    .unavailable, "the sources do not agree on the bytes already delivered; ask again")

  private static func join(_ file: OpenFile, _ state: inout State) {
    if let old = state.file, old !== file, !old.agrees(with: file, first: state.visible) {
      state.end = .broken(disagreement)
    }
    state.file = file
    state.candidate = nil
  }

  private func change(_ body: (inout sending State) -> Void) {
    let waiters = state.withLock { state in
      body(&state)
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  private func wait<Answer: Sendable>(
    for answer: @Sendable (borrowing State) -> Answer?
  ) async -> Answer? {
    while !Task.isCancelled {
      if let found = state.withLock({ answer($0) }) { return found }
      let ticket = state.withLock { state in
        state.nextWaiter += 1
        return state.nextWaiter
      }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isDue = state.withLock { state in
            if answer(state) != nil || Task.isCancelled { return true }
            state.waiters[ticket] = continuation
            return false
          }
          if isDue { continuation.resume() }
        }
      } onCancel: {
        state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
      }
    }
    return nil
  }
}
