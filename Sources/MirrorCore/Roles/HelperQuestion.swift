/// What a credential helper is asked on standard input: git's own form (git-credential(1), "INPUT/OUTPUT
/// FORMAT"), so that whatever keeps logins for git keeps them for mirrors.
struct HelperQuestion {
  let place: Locator

  var text: String {
    "capability[]=authtype\nprotocol=\(place.scheme)\nhost=\(place.authority)\n\n"
  }
}

/// What a credential helper answers on standard output.
///
/// `username` and `password` are for Basic; `authtype` and `credential` are shown as they are; a password
/// alone is a Bearer token. Other attributes are passed over.
struct HelperAnswer {
  private var attributes: [Substring: Substring] = [:]

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      guard let mark = line.firstIndex(of: "=") else { continue }
      attributes[line[..<mark]] = line[line.index(after: mark)...]
    }
  }

  /// `NAME:PASSWORD`; `nil` when the helper has not both for the place.
  var login: Secret? {
    guard let name = attributes["username"], let password = attributes["password"],
      !name.isEmpty, !password.isEmpty
    else { return nil }
    return Secret("\(name):\(password)")
  }

  /// The value of an Authorization header; `nil` when the helper has none for the place.
  var authorization: Secret? {
    if let type = attributes["authtype"], let credential = attributes["credential"] {
      return Secret("\(type) \(credential)")
    }
    guard let password = attributes["password"], !password.isEmpty else { return nil }
    return login?.authorization ?? Secret("Bearer \(password)")
  }
}
