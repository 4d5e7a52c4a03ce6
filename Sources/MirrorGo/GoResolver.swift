public import MirrorCore

extension Ecosystem {
  /// Go modules.
  public static let go = Ecosystem(rawValue: "go")
}
