internal import Glibc
import MirrorCore

/// The folder of one run in the store: its ledger, its wrappers and its scratch space.
struct RunFolder {
  /// The run's name: when it began, and which process it was.
  let id: String
  /// The folder.
  let path: String

  /// Makes the folder and lets `runs/last` point at it.
  ///
  /// - Throws: `misconfigured` when the store cannot be written.
  init(in store: Store) throws(MirrorError) {
    id = "\(Self.timestamp())-\(getpid())"
    let runs = "\(Disk.absolute(store.path))/runs"
    path = "\(runs)/\(id)"
    try Disk.makeFolder(path)
    let link = "\(runs)/.last-\(getpid())"
    unlink(link)
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
