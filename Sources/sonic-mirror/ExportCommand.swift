import ArgumentParser
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror versions export`: SONiC's lock files from mirror.lock.
struct ExportCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write SONiC's lock files from mirror.lock.",
    discussion: """
        sonic-mirror versions export --lock mirror.lock --store .mirror --out target/versions/default

      Packages of Debian and Python are told by name and version, Debian's in versions-deb-DIST-ARCH; a URL by \
      the MD5 of its bytes in the store; a repository by the commit of its HEAD; an archive's suite by the date \
      of its InRelease, and by its time where it is a dated one. Only these files are written; every other \
      file in the folder stays. What cannot be told is said, and then the exit code is 26.
      """)

  @Option(help: ArgumentHelp("The store.", valueName: "dir"), completion: .directory)
  var store = ".mirror"

  @Option(help: ArgumentHelp("The lock.", valueName: "file"), completion: .file())
  var lock = "mirror.lock"

  @Flag(help: "The Python projects are those of Python 2.")
  var python2 = false

  @Option(help: ArgumentHelp("Where the files go.", valueName: "dir"))
  var out: String

  func run(in toolbox: Toolbox) async throws -> Int32 {
    let lockfile = try Lockfile(contentsOf: lock)
    guard !lockfile.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(lock): there is no lock; record it with run or serve first")
    }
    let projection = try LockProjection(
      lockfile, store: try Store(at: store), python: python2 ? .py2 : .py3)
    for gap in projection.gaps { toolbox.console.warn(gap) }
    // Upstream notes the time of a snapshot itself; only what was served is known here.
    try projection.folder.write(into: out, joining: [.mirror])
    return projection.gaps.isEmpty ? 0 : MirrorError.Code.offline.exitCode
  }
}
