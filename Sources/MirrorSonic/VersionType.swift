/// What a SONiC lock file lists: the word after `versions-` in its name.
///
/// An open set, since a branch may add one.
public struct VersionType: RawRepresentable, Hashable, Sendable, Comparable {
  /// The word, such as `deb`.
  public let rawValue: String
  /// Creates the type of that word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Debian packages: name and version, without the architecture.
  public static let deb = VersionType(rawValue: "deb")
  /// Python 2 projects.
  public static let py2 = VersionType(rawValue: "py2")
  /// Python 3 projects.
  public static let py3 = VersionType(rawValue: "py3")
  /// URLs and the MD5 of what they gave.
  public static let web = VersionType(rawValue: "web")
  /// Clone URLs as typed, and commits.
  public static let git = VersionType(rawValue: "git")
  /// `ARCH:REPOSITORY:TAG` and the digest of an image.
  public static let docker = VersionType(rawValue: "docker")
  /// Package archives and the time of their snapshot.
  public static let mirror = VersionType(rawValue: "mirror")

  /// Whether names are compared in lower case, as those of Python projects are.
  var foldsCase: Bool { self == .py2 || self == .py3 }

  /// Whether an image that is not an ordinary container keeps its own, and takes none of the default.
  var isImagesOwn: Bool { self == .deb || foldsCase }

  /// Orders types by their word.
  public static func < (left: VersionType, right: VersionType) -> Bool {
    left.rawValue < right.rawValue
  }
}
