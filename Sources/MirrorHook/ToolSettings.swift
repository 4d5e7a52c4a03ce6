/// What a tool's configuration files add to its command line.
///
/// A file that sets anything beyond a short list of harmless things is not read further: the
/// command is left alone.
package struct ToolSettings: Sendable, Equatable {
  /// Whether the files say that redirects are followed.
  package var followsRedirects: Bool?

  package init(followsRedirects: Bool? = nil) {
    self.followsRedirects = followsRedirects
  }
}

extension ToolInvocation {
  /// Reads the files the tool would read; nil if one of them holds a setting we do not follow.
  package func settings(
    for command: ParsedCommand, surroundings: ToolSurroundings
  )
    -> ToolSettings?
  {
    switch tool {
    case "curl":
      return CurlConfiguration.settings(arguments: arguments, surroundings: surroundings)
    case "wget":
      guard command.readsConfiguration else { return ToolSettings() }
      return WgetConfiguration.settings(surroundings: surroundings)
    default:
      return ToolSettings()
    }
  }
}
