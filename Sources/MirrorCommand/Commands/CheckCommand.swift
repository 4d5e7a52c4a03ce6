import ArgumentParser
import MirrorCore
import MirrorHTTP

/// `mirror check`: the proof that the store has all of the lock, byte for byte.
struct CheckCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Prove that the store has everything in the lock.",
    discussion: """
        mirror check
        mirror check --json --lock release/mirror.lock --store /srv/mirror

      Every digest is computed anew, and git looks at the objects of every recorded repository. All that is missing or damaged is listed at once; the exit code \
      is 26 when something is missing and 23 when something was damaged.
      """)

  @OptionGroup var session: SessionOptions

  @Flag(help: "Print JSON.")
  var json = false

  struct Report: Encodable {
    var checked = 0
    var bytes = 0
    var missing: [String] = []
    var damaged: [String] = []
  }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    guard try Disk.read(session.lock) != nil else {
      throw MirrorError(
        .misconfigured, "\(session.lock): there is no lock to check; record it with mirror run")
    }
    let lock = try Lockfile(contentsOf: session.lock)
    let store = try Store(at: session.store)
    var report = Report()
    let entries = lock.entries
    for (index, entry) in entries.enumerated() {
      guard let (digest, size) = entry.bytes else { continue }
      toolbox.console.showProgress("\(index + 1) of \(entries.count)")
      report.checked += 1
      let line = "\(entry.ecosystem) \(entry.identity) \(digest)"
      switch try await state(of: entry, digest, in: store, toolbox) {
      case .sound: report.bytes += size
      case .missing: report.missing.append(line)
      case .damaged: report.damaged.append(line)
      }
    }
    toolbox.console.showProgress("")
    try store.settle()
    try say(report, toolbox.console)
    if !report.damaged.isEmpty { return MirrorError.Code.corrupt.exitCode }
    return report.missing.isEmpty ? 0 : MirrorError.Code.offline.exitCode
  }

  private enum State { case sound, missing, damaged }

  private func state(
    of entry: LockEntry, _ digest: Digest, in store: Store, _ toolbox: Toolbox
  ) async throws(MirrorError) -> State {
    do throws(MirrorError) {
      guard try store.check(digest) else { return .missing }
      let resolver = toolbox.resolvers.first { $0.ecosystem == entry.ecosystem }
      let surroundings = Surroundings(
        environment: toolbox.environment, programs: SubprocessRunner(),
        storage: Disk.absolute(store.path))
      return try await resolver?.survey(entry, in: surroundings) ?? true ? .sound : .missing
    } catch {
      guard error.code == .corrupt else { throw error }
      return .damaged
    }
  }

  private func say(_ report: Report, _ console: Console) throws(MirrorError) {
    if json { return try StandardOutput.print(JSON.text(report)) }
    for line in report.damaged { console.warn("damaged: \(line)") }
    for line in report.missing { console.warn("missing: \(line)") }
    let faults = report.damaged.count + report.missing.count
    console.say(
      faults == 0
        ? "\(report.checked) checked, \(RunReport.size(report.bytes)), all there"
        : "\(faults) of \(report.checked) are missing or damaged; "
          + "run the build once more without --offline to fetch them")
  }
}
