public import MirrorCore

/// What counts for one image: a list of each type.
public struct ImageVersions: Sendable, Equatable {
  /// The lists; none is empty.
  public private(set) var lists: [VersionType: VersionList]

  /// Creates versions; empty lists are left out.
  public init(_ lists: [VersionType: VersionList]) {
    self.lists = lists.filter { !$0.value.isEmpty }
  }

  /// Reads the lock files that a build of an image uses: `versions-deb`, `versions-py3`, and so on.
  ///
  /// - Throws: `misconfigured` when a file cannot be read.
  public init(contentsOf path: String) throws(MirrorError) {
    var lists: [VersionType: VersionList] = [:]
    for file in try VersionFolder(contentsOf: path).files {
      lists[file.name.type, default: VersionList()].merge(file.list)
    }
    self.init(lists)
  }

  /// The list of a type; empty where there is none.
  public subscript(type: VersionType) -> VersionList { lists[type] ?? VersionList() }

  /// The files that a build uses, by name, the pins for apt (`01-versions-deb`) among them.
  ///
  /// - Parameter priority: that of apt's pins.
  public func files(priority: Int = AptPreferences.defaultPriority) -> [String: String] {
    var files: [String: String] = [:]
    for (type, list) in lists { files[VersionFileName(type).description] = list.text }
    if let deb = lists[.deb] {
      files[AptPreferences.fileName] = AptPreferences(deb, priority: priority).text
    }
    return files
  }

  /// Writes the files into a folder, in place of the lock files there.
  ///
  /// - Parameter priority: that of apt's pins.
  /// - Throws: `misconfigured` when it cannot be written.
  public func write(
    into path: String, priority: Int = AptPreferences.defaultPriority
  ) throws(MirrorError) {
    try Disk.makeFolder(path)
    let files = files(priority: priority)
    for name in Disk.list(path) where files[name] == nil {
      if name == AptPreferences.fileName || VersionFileName(name) != nil {
        Disk.remove("\(path)/\(name)")
      }
    }
    for (name, text) in files { try Disk.replace("\(path)/\(name)", with: Array(text.utf8)) }
  }
}
