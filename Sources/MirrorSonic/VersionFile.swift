/// A lock file: what it is called, and what it says.
public struct VersionFile: Sendable, Equatable {
  /// Its name.
  public var name: VersionFileName
  /// What it says.
  public var list: VersionList

  /// Creates a file.
  public init(_ name: VersionFileName, _ list: VersionList) {
    self.name = name
    self.list = list
  }
}
