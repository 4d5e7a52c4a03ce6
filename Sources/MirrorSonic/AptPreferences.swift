/// Pins for apt, made from a list of Debian packages (apt_preferences(5)).
public struct AptPreferences: Sendable, Equatable {
  /// The priority that upstream gives: it holds a version against newer ones, but does not go back from
  /// one that is installed already.
  public static let defaultPriority = 999
  /// The lowest priority that goes back to an older version (apt_preferences(5): above 1000).
  public static let downgradingPriority = 1001
  /// The name of the file among an image's lock files, and below `/etc/apt/preferences.d`.
  public static let fileName = "01-versions-deb"

  /// The packages.
  public var list: VersionList
  /// The priority of every pin.
  public var priority: Int

  /// Creates pins.
  public init(_ list: VersionList, priority: Int = AptPreferences.defaultPriority) {
    self.list = list
    self.priority = priority
  }

  /// The text of the file: a stanza a package, two empty lines after each, as upstream writes it.
  public var text: String {
    list.entries.reduce(into: "") { text, entry in
      text +=
        "Package: \(entry.name)\nPin: version \(entry.version)\nPin-Priority: \(priority)\n\n\n"
    }
  }
}
