public import MirrorCore

extension Ecosystem {
  /// Debian packages: apt and whatever speaks to an archive in its way.
  public static let apt = Ecosystem(rawValue: "apt")
}
