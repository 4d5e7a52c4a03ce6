extension Gate {
  /// Waits until the gate is open, or the task is cancelled.
  ///
  /// This is how a fake in memory waits where a ``FaultServer`` would hold back its answer.
  public func pass() async {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    guard let ticket = enter({ continuation.finish() }) else { return }
    for await _ in stream {}
    leave(ticket)
  }
}
