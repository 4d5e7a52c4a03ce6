import ArgumentParser
internal import Glibc
import MirrorCommand
import MirrorCore
import MirrorSonic

/// `sonic-mirror versions diff`: what two folders, or a folder and a lock, say differently.
struct DiffCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say how two folders of lock files, or mirror.lock, differ.",
    discussion: """
        sonic-mirror versions diff old/versions/dockers/docker-lldp new/versions/dockers/docker-lldp
        sonic-mirror versions diff files/build/versions/default mirror.lock
        sonic-mirror versions diff old/mirror.lock mirror.lock

      Folders of a whole release are compared image by image. Ends with 1 where there are differences.
      A lock counts as the lists that versions export makes of it, and needs the store as it does; it is \
      compared with one folder, by the names of its own lists and in those types that a lock can tell. \
      What it cannot tell is said, and then the exit code is 26.
      """)

  @Option(help: ArgumentHelp("The store of a lock.", valueName: "dir"), completion: .directory)
  var store = ".mirror"

  @Flag(help: "The Python projects of a lock are those of Python 2.")
  var python2 = false

  @Argument(help: ArgumentHelp("The older folder or lock.", valueName: "old"), completion: .file())
  var old: String

  @Argument(help: ArgumentHelp("The newer folder or lock.", valueName: "new"), completion: .file())
  var new: String

  private var python: VersionType { python2 ? .py2 : .py3 }

  func run(in toolbox: Toolbox) async throws -> Int32 {
    var before = try side(old, toolbox.console)
    var after = try side(new, toolbox.console)
    guard !before.folders.isEmpty || !after.folders.isEmpty else {
      throw MirrorError(
        .misconfigured, "\(old), \(new): no lock files in either; check the folders")
    }
    if before.isLock, !after.isLock { try after.suit(before, at: new, python) }
    if after.isLock, !before.isLock { try before.suit(after, at: old, python) }
    var isDifferent = false
    for image in Set(before.folders.keys).union(after.folders.keys).sorted() {
      let difference = VersionDifference(
        from: before.folders[image] ?? VersionFolder(), to: after.folders[image] ?? VersionFolder())
      for entry in difference.entries {
        isDifferent = true
        try StandardOutput.print(image.isEmpty ? "\(entry)" : "\(image): \(entry)")
      }
    }
    if before.hasGaps || after.hasGaps { return MirrorError.Code.offline.exitCode }
    return isDifferent ? 1 : 0
  }

  /// One of the two that are compared.
  private struct Side {
    /// The lists of each image; those of the folder itself, or of a lock, by an empty name.
    var folders: [String: VersionFolder]
    var isLock = false
    var hasGaps = false

    /// Takes the form of a lock's lists, so that the same thing has the same name.
    ///
    /// - Throws: `misconfigured` when it is a whole release.
    mutating func suit(
      _ lock: Side, at path: String, _ python: VersionType
    ) throws(MirrorError) {
      guard folders.keys.allSatisfy(\.isEmpty) else {
        throw MirrorError(
          .misconfigured,
          "\(path): has the lists of several images, and a lock is compared with one folder, such as "
            + "\(path)/default")
      }
      let types = LockProjection.types(python: python)
      folders[""] = folders[""]?.without { !types.contains($0) }
        .seen(as: lock.folders[""] ?? VersionFolder())
    }
  }

  /// Reads a side: a file is a lock.
  private func side(_ path: String, _ console: Console) throws(MirrorError) -> Side {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return Side(folders: try VersionTree(at: path).folders())
    }
    let projection = try LockProjection(
      try Lockfile(contentsOf: path), store: try Store(at: store), python: python)
    for gap in projection.gaps { console.warn(gap) }
    return Side(
      folders: ["": projection.folder], isLock: true, hasGaps: !projection.gaps.isEmpty)
  }
}
