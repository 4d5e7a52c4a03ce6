import Synchronization

/// A value behind a lock, on whose changes tasks can wait.
///
/// A lock and not an actor: the server changes the value from event loops, which cannot await.
final class Watched<Value: Sendable>: Sendable {
  private struct Waiter {
    let id: Int
    let isSatisfied: @Sendable (Value) -> Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct Contents {
    var value: Value
    var waiters: [Waiter] = []
    var nextID = 0
  }

  private let contents: Mutex<Contents>

  init(_ value: Value) {
    contents = Mutex(Contents(value: value))
  }

  /// The value as it is now.
  var value: Value {
    contents.withLock { $0.value }
  }

  /// Changes the value, then wakes every task whose condition has become true.
  func update<R: Sendable>(_ change: (inout Value) -> R) -> R {
    let (result, woken) = contents.withLock { contents in
      let result = change(&contents.value)
      let woken = contents.waiters.filter { $0.isSatisfied(contents.value) }
      contents.waiters.removeAll { waiter in woken.contains { $0.id == waiter.id } }
      return (result, woken.map(\.continuation))
    }
    for continuation in woken { continuation.resume() }
    return result
  }

  /// Waits until the condition is true or the task is cancelled.
  func wait(until isSatisfied: @escaping @Sendable (Value) -> Bool) async {
    let id = contents.withLock { contents in
      contents.nextID += 1
      return contents.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // The task's flag is set before the handler below runs, so a cancellation that this look at
        // the flag misses finds the waiter in the list.
        let isOver = contents.withLock { contents in
          if Task.isCancelled || isSatisfied(contents.value) { return true }
          contents.waiters.append(
            Waiter(id: id, isSatisfied: isSatisfied, continuation: continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let cancelled = contents.withLock { contents in
        let index = contents.waiters.firstIndex { $0.id == id }
        return index.map { contents.waiters.remove(at: $0).continuation }
      }
      cancelled?.resume()
    }
  }
}
