/// What two folders or images say differently.
public struct VersionDifference: Sendable, Equatable {
  /// What became of one name.
  public enum Change: Sendable, Equatable {
    /// Only the newer one has it.
    case added(String)
    /// Only the older one has it.
    case removed(String)
    /// Both have it, with these versions.
    case changed(String, to: String)
  }

  /// A name and what became of it.
  public struct Entry: Sendable, Equatable, CustomStringConvertible {
    /// The list it is in.
    public var file: VersionFileName
    /// The name.
    public var name: String
    /// What became of it.
    public var change: Change

    /// One line: `+ versions-deb curl 7.88.1`, `-` and `~` alike.
    public var description: String {
      switch change {
      case .added(let version): "+ \(file) \(name) \(version)"
      case .removed(let version): "- \(file) \(name) \(version)"
      case .changed(let old, let new): "~ \(file) \(name) \(old) -> \(new)"
      }
    }
  }

  /// Every name that differs, sorted by list and name.
  public var entries: [Entry]

  /// Compares two folders, file by file.
  public init(from old: VersionFolder, to new: VersionFolder) {
    let before = Dictionary(old.files.map { ($0.name, $0.list) }) { $1 }
    let after = Dictionary(new.files.map { ($0.name, $0.list) }) { $1 }
    entries = Set(before.keys).union(after.keys).sorted()
      .flatMap { name in
        Self.compare(before[name] ?? VersionList(), after[name] ?? VersionList(), in: name)
      }
  }

  private static func compare(
    _ old: VersionList, _ new: VersionList, in file: VersionFileName
  ) -> [Entry] {
    var union = old
    union.merge(new)
    return union.entries.compactMap { name, _ in
      switch (old[name], new[name]) {
      case (let before?, let after?) where before == after: nil
      case (let before?, let after?):
        Entry(file: file, name: name, change: .changed(before, to: after))
      case (let before?, nil): Entry(file: file, name: name, change: .removed(before))
      case (nil, let after?): Entry(file: file, name: name, change: .added(after))
      case (nil, nil): nil
      }
    }
  }
}
