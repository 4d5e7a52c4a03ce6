internal import Glibc
import MirrorCore

/// The folder of one run in the store: its ledger, its wrappers and its scratch space.
struct RunFolder {
  /// The run's name: when it began, which process it was, and a random number where containers on one store
  /// have a process of that number each.
  let id: String
  /// The folder.
  let path: String

  /// Makes the folder and lets `runs/last` point at it.
  ///
  /// - Throws: `misconfigured` when the store cannot be written.
  init(in store: Store) throws(MirrorError) {
    let runs = "\(Disk.absolute(store.path))/runs"
    let name = "\(Self.timestamp())-\(getpid())"
    var id = name
    while mkdir("\(runs)/\(id)", 0o755) != 0 {
      guard errno == EEXIST else { throw Disk.failure("make the folder", "\(runs)/\(id)") }
      id = "\(name)-\(UInt32.random(in: 0...UInt32.max))"
    }
    self.id = id
    path = "\(runs)/\(id)"
    let link = "\(runs)/.last-\(id)"
    guard symlink(id, link) == 0 else { throw Disk.failure("link", link) }
    try Disk.rename(link, to: "\(runs)/last")
  }

  /// The ledger's path.
  var ledgerPath: String { "\(path)/ledger.jsonl" }

  /// The private caches of the child's tools.
  var scratchPath: String { "\(path)/scratch" }

  /// The wrappers in front of the child's tools.
  var wrapperPath: String { "\(path)/bin" }

  /// Removes what only the running build needed; the ledger stays.
  func clear() async {
    for name in ["bin", "scratch"] { await Self.remove("\(path)/\(name)") }
  }

  /// Removes a folder with as many hands as there are: a cache of modules has thousands of files.
  private static func remove(_ folder: String) async {
    await withDiscardingTaskGroup { group in
      for name in Disk.list(folder) where unlink("\(folder)/\(name)") != 0 {
        group.addTask { await remove("\(folder)/\(name)") }
      }
    }
    rmdir(folder)
  }

  private static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func pad(_ number: Int32, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(parts.tm_year + 1900, 4))\(pad(parts.tm_mon + 1))\(pad(parts.tm_mday))"
      + "T\(pad(parts.tm_hour))\(pad(parts.tm_min))\(pad(parts.tm_sec))Z"
  }
}
