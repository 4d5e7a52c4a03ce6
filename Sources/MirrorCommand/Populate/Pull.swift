import MirrorCore

/// Brings everything that a lock names into the store, through the chain of each.
struct Pull {
  let things: [LockedThing]
  let session: Session
  let console: Console

  /// What came of it.
  struct Outcome {
    /// The figures; what could not be had is in `missed`, in the order of the lock.
    var report: RunReport
    /// The exit code: that of the first thing that could not be had.
    var status: Int32 { report.exit }
  }

  private struct Result: Sendable {
    var size: Int
    var problem: (line: String, status: Int32)?
  }

  /// Asks for all of it, and says what could not be had.
  func run() async -> Outcome {
    let total = things.reduce(0) { $0 + $1.size }
    var count = 0
    var bytes = 0
    let results = await Parallel.map(things) {
      await fetch($0)
    } goesOn: { result in
      count += 1
      bytes += result.size
      console.showProgress(
        "\(count) of \(things.count), \(RunReport.size(bytes)) of \(RunReport.size(total))")
      return true
    }
    console.showProgress("")
    let problems = results.compactMap(\.problem)
    var report = RunReport(session.ledger.soFar, exit: problems.first?.status ?? 0)
    report.missed = problems.map(\.line)
    return Outcome(report: report)
  }

  private func fetch(_ thing: LockedThing) async -> Result {
    let request = thing.request
    let resolution =
      await session.chains[request.ecosystem]?.resolve(request)
      ?? .failed(MirrorError(.misconfigured, "\(thing.name): no such ecosystem"), [])
    session.ledger.record(request, resolution)
    switch resolution {
    case .satisfied: return Result(size: thing.size)
    case .missed:
      let line = "\(request.identity): nobody has it"
      return Result(size: 0, problem: (line, CommandLineTool.notFound))
    case .failed(let error, _):
      return Result(size: 0, problem: (error.message, error.code.exitCode))
    }
  }
}
