/// A configuration file of an ecosystem's own tools.
public struct NativeFile: Hashable, Sendable {
  /// Where the tools of a whole machine read it, such as `/etc/pip.conf`.
  public var path: String
  /// What is in it.
  public var text: String

  /// Creates a file.
  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// Where native files point the tools.
public enum NativePlace: Hashable, Sendable {
  /// A mirror of the organisation that speaks the ecosystem's own protocol.
  case mirror(SourceSettings)
  /// A shared gateway, by its root URL.
  case gateway(Locator)
}
