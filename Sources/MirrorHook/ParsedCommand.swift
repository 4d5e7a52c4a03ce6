/// A command line that was understood to the last word.
package struct ParsedCommand: Sendable {
  /// A value inside the argument list: the argument is `lead` followed by `value`.
  ///
  /// The lead is empty when the value is a word of its own, `-i` in `-iFILE`, and `--input-file=`
  /// in `--input-file=FILE`.
  package struct Slot: Sendable, Equatable {
    package var index: Int
    package var lead: String
    package var value: String
  }

  /// The arguments as typed, without the tool's name.
  package var arguments: [String]
  /// The URLs among them.
  package var urls: [Slot] = []
  /// The file of URLs, if one is named.
  package var inputFile: Slot?
  /// curl's list of permitted protocols, if one is given.
  package var protocols: Slot?
  /// Whether redirects are followed, if the command line says.
  package var followsRedirects: Bool?
  /// Whether the limit of redirects is zero.
  package var forbidsRedirects = false
  /// The scheme of URLs that have none, if the command line says.
  package var defaultScheme: String?
  /// Whether the tool reads its configuration files.
  package var readsConfiguration = true
  /// Whether the tool reads `.netrc`.
  package var readsNetrc = true

  package init(arguments: [String]) {
    self.arguments = arguments
  }

  /// Writes an option's effect down; returns false if the command must be declined.
  mutating func note(_ option: ToolOption, negated: Bool, _ slot: Slot?) -> Bool {
    switch option.meaning {
    case .kept:
      return true
    case .keptIf(let accepts):
      return slot.map { accepts($0.value) } ?? false
    case .url:
      guard let slot else { return false }
      urls.append(slot)
    case .inputFile:
      // wget reads only the last of several files: not worth following.
      guard inputFile == nil, let slot else { return false }
      inputFile = slot
    case .followsRedirects:
      followsRedirects = !negated
    case .redirectLimit:
      guard let limit = slot.flatMap({ Int($0.value) }) else { return false }
      forbidsRedirects = limit == 0
    case .protocols:
      // Older versions of curl add several lists up, newer ones use the last.
      guard protocols == nil, let slot else { return false }
      protocols = slot
    case .defaultScheme:
      guard let scheme = slot?.value.lowercased(), scheme == "http" || scheme == "https" else {
        return false
      }
      defaultScheme = scheme
    case .ignoresConfiguration:
      readsConfiguration = negated
    case .ignoresNetrc:
      readsNetrc = negated
    }
    return true
  }
}
