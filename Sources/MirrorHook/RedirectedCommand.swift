/// A command line whose URLs point at the gateway.
package struct RedirectedCommand: Sendable, Equatable {
  /// The arguments, without the tool's name.
  package private(set) var arguments: [String]
  /// The hosts of the URLs that were redirected, as typed.
  package private(set) var hosts: [String] = []
  /// The file of URLs that is still to be redirected, if the command names one.
  package private(set) var inputFile: ParsedCommand.Slot?

  /// Redirects the URLs of a command; nil if one of them stands in the way.
  ///
  /// A command without any URL to redirect comes back with no hosts.
  package init?(_ command: ParsedCommand, by redirection: URLRedirection) {
    arguments = command.arguments
    inputFile = command.inputFile
    let permitted = command.protocols.map { ProtocolList($0.value) }
    for slot in command.urls {
      switch redirection.redirect(slot.value) {
      case .redirected(let url, let scheme, let host):
        // curl itself refuses this URL, and must go on doing so.
        if let permitted, !permitted.permits(scheme: scheme) { return nil }
        arguments[slot.index] = slot.lead + url
        hosts.append(host)
      case .left:
        continue
      case .declined:
        return nil
      }
    }
    if let slot = command.protocols, let permitted {
      arguments[slot.index] = slot.lead + permitted.permittingHTTP
    }
  }

  /// Names another file of URLs in place of the one that was typed.
  package mutating func replaceInputFile(by path: String, holding hosts: [String]) {
    guard let slot = inputFile else { return }
    arguments[slot.index] = slot.lead + path
    self.hosts += hosts
    inputFile = nil
  }
}
