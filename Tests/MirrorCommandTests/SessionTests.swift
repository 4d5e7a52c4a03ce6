import MirrorCommand
import MirrorCore
import MirrorTesting
import Testing

@Suite struct SessionTests {
  /// Containers on one store may each have a process of the same number: here it is the same process.
  @Test func `gives every run a folder of its own`() throws {
    let folder = try TemporaryFolder()
    var options = SessionOptions()
    options.config = nil
    (options.locked, options.offline, options.strict) = (false, false, false)
    options.store = "\(folder.path)/store"
    options.lock = "\(folder.path)/mirror.lock"
    let toolbox = Toolbox(resolvers: [], environment: ["HOME": folder.path])
    for _ in 0..<3 { _ = try Session(options, in: toolbox) }
    let runs = Disk.list("\(options.store)/runs").filter { $0 != "last" }
    #expect(runs.count == 3)
    for run in runs {
      #expect(Disk.list("\(options.store)/runs/\(run)") == ["ledger.jsonl"])
    }
  }
}
