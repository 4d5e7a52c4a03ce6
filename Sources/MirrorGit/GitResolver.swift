public import MirrorCore

extension Ecosystem {
  /// Git repositories.
  public static let git = Ecosystem(rawValue: "git")
}
