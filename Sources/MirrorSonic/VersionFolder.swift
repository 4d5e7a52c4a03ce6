internal import Glibc
public import MirrorCore

/// The lock files of one image, or the defaults of all.
public struct VersionFolder: Sendable, Equatable {
  /// The files, in no particular order.
  public private(set) var files: [VersionFile]

  /// Creates a folder of these files.
  public init(_ files: [VersionFile] = []) { self.files = files }

  /// Reads every lock file in a folder, links followed; an empty one when there is no such folder.
  ///
  /// - Throws: `misconfigured` when a file cannot be read.
  public init(contentsOf path: String) throws(MirrorError) {
    var files: [VersionFile] = []
    for fileName in Disk.list(path) {
      // A folder may be called like a file: upstream's own `versions-public` is.
      guard let name = VersionFileName(fileName), !Self.isFolder("\(path)/\(fileName)") else {
        continue
      }
      let list = try VersionList(contentsOf: "\(path)/\(fileName)", type: name.type)
      files.append(VersionFile(name, list))
    }
    self.files = files
  }

  /// Writes these files into a folder; every other file there stays as it is.
  ///
  /// - Parameter joining: types of which a file that is there keeps the lines that this one does not have.
  /// - Throws: `misconfigured` when a file cannot be read or written.
  public func write(
    into path: String, joining: Set<VersionType> = []
  ) throws(MirrorError) {
    try Disk.makeFolder(path)
    for file in files {
      let place = "\(path)/\(file.name)"
      var list = VersionList()
      if joining.contains(file.name.type) {
        list = try VersionList(contentsOf: place, type: file.name.type)
      }
      list.merge(file.list)
      try Disk.replace(place, with: Array(list.text.utf8))
    }
  }

  /// The files that may count for a distribution and an architecture.
  public func suiting(distribution: String, architecture: String) -> VersionFolder {
    VersionFolder(
      files.filter { $0.name.suits(distribution: distribution, architecture: architecture) })
  }

  /// What counts of one type for a distribution and an architecture: general files first, and what is
  /// more particular outweighs them.
  public func list(
    of type: VersionType, distribution: String, architecture: String
  ) -> VersionList {
    let wanted = VersionFileName(type, distribution: distribution, architecture: architecture)
    var result = VersionList()
    for file in sorted where file.name.covers(wanted) { result.merge(file.list) }
    return result
  }

  /// The types that are listed.
  public var types: Set<VersionType> { Set(files.map(\.name.type)) }

  /// The same under the names that another folder has, for comparison: what counts here for each of those files,
  /// and every file that counts for none of them as it is.
  package func seen(as other: VersionFolder) -> VersionFolder {
    let names = Set(other.files.map(\.name))
    var seen = files.filter { file in !names.contains { file.name.covers($0) } }
    for name in names {
      var list = VersionList()
      for file in sorted where file.name.covers(name) { list.merge(file.list) }
      if !list.isEmpty { seen.append(VersionFile(name, list)) }
    }
    return VersionFolder(seen)
  }

  /// Without the files of some types.
  package func without(_ isLeftOut: (VersionType) -> Bool) -> VersionFolder {
    VersionFolder(files.filter { !isLeftOut($0.name.type) })
  }

  /// Lays another image's files over these, name by name.
  ///
  /// - Parameter flattening: whether what is for one architecture (and, but for Debian's packages, for
  ///   one distribution) is laid into the files for all.
  mutating func overlay(_ other: VersionFolder, flattening: Bool = false) {
    for file in other.sorted {
      var isTaken = false
      for index in files.indices where takes(file.name, into: files[index].name, flattening) {
        files[index].list.merge(file.list)
        isTaken = true
      }
      if isTaken { continue }
      var file = file
      if flattening {
        file.name.architecture = nil
        if file.name.type != .deb { file.name.distribution = nil }
      }
      files.append(file)
    }
    settle()
  }

  private func takes(
    _ name: VersionFileName, into place: VersionFileName, _ flattening: Bool
  ) -> Bool {
    flattening ? place.covers(name) : place == name
  }

  /// Takes away what a file only repeats of the more general ones.
  ///
  /// It is more than tidiness: a version that is repeated no longer outweighs one that stands between
  /// the two, and upstream's generator has this rule.
  private mutating func settle() {
    var settled: [VersionFile] = []
    for var file in sorted {
      var inherited = VersionList()
      for general in settled where general.name.covers(file.name) { inherited.merge(general.list) }
      file.list.subtract(inherited)
      if !file.list.isEmpty { settled.append(file) }
    }
    files = settled
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// From the general to the particular; files of one rank stay in order.
  private var sorted: [VersionFile] {
    files.enumerated()
      .sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }.map(\.element)
  }
}
