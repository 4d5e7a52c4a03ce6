import MirrorCore

/// The settings that lead git to the gateway: `url.<gateway>.insteadOf`, so that `.git/config` and
/// submodules keep the addresses as they are written (git-config(1), url.<base>.insteadOf).
struct GitRewriting {
  /// A rule of the user's own: addresses that begin with `prefix` are read from below `base`.
  struct Rule: Hashable, Sendable {
    var base: String
    var prefix: String
  }

  let gateway: GatewayAddress
  let rules: [Rule]

  /// Reads what `git config --null --get-regexp` prints of `url.*.insteadOf`.
  static func rules(in output: String) -> [Rule] {
    output.split(separator: "\0").compactMap { entry in
      let lines = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      guard lines.count == 2, lines[0].hasPrefix("url."), lines[0].hasSuffix(".insteadof") else {
        return nil
      }
      return Rule(base: String(lines[0].dropFirst(4).dropLast(10)), prefix: String(lines[1]))
    }
  }

  /// The settings.
  var settings: GitSettings {
    var settings = GitSettings()
    let root = gateway.openURL()
    if let authorization = gateway.authorization {
      settings.add("http.\(root).extraHeader", "Authorization: \(authorization.reveal())")
    }
    // The gateway is here, and keeps the time itself: it may have to fetch all of a repository first.
    settings.add("http.\(root).proxy", "")
    settings.add("http.\(root).lowSpeedLimit", "0")
    settings.add("http.\(root).lowSpeedTime", "0")
    settings.add("lfs.\(root.dropLast()).activitytimeout", "0")
    for (prefix, place) in Self.places {
      settings.add("url.\(gateway.openURL(place)).insteadOf", prefix)
      // A push goes to the original.
      settings.add("url.\(prefix).pushInsteadOf", prefix)
    }
    for rule in rules { add(rule, to: &settings) }
    return settings
  }

  /// The beginnings of addresses, and the paths at the gateway that stand for them.
  private static let places = [
    ("https://", "git/https/"), ("http://", "git/http/"), ("ssh://", "git/ssh/"),
    ("git://", "git/git/"), ("git@", "git/scp/"),
  ]

  /// The same for a gateway without a token, as a file of git's own (git-config(1)).
  static func file(for gateway: Locator) -> String {
    places.map { prefix, place in
      """
      [url "\(gateway.appending(place).identity)"]
      \tinsteadOf = \(prefix)
      [url "\(prefix)"]
      \tpushInsteadOf = \(prefix)

      """
    }.joined()
  }

  /// The same for a mirror; `nil` where its paths are not the upstream's host and path behind a fixed
  /// beginning, since git exchanges the beginning of an address and nothing else.
  static func file(for mirror: SourceSettings) -> String? {
    let template = mirror.repositories ?? RepositoryLayout.everyday
    let upstream = "{host}/{path}.git"
    guard template.hasSuffix(upstream) else { return nil }
    let beginning = template.dropLast(upstream.count)
    guard !beginning.contains("{") else { return nil }
    let base = address(of: mirror.url.appending(String(beginning)))
    // The longest beginning counts: what already leads to the mirror's server stays as it is.
    let own = base.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//") + "/"
    return "[url \"\(own)\"]\n\tinsteadOf = \(own)\n"
      + ["https://", "http://", "ssh://git@"].map { prefix in
        """
        [url "\(base)"]
        \tinsteadOf = \(prefix)
        [url "\(prefix)"]
        \tpushInsteadOf = \(prefix)

        """
      }.joined()
  }

  /// An address as git takes it: a user's name belongs to it where ssh asks for one, and is no secret.
  private static func address(of url: Locator) -> String {
    guard url.scheme == "ssh", let user = url.userInfo?.reveal(), !user.contains(":") else {
      return url.identity
    }
    return "ssh://\(user)@" + url.identity.dropFirst("ssh://".count)
  }

  /// Where an address, or the beginning of one, is at the gateway.
  private func place(of address: String) -> String? {
    for (prefix, place) in Self.places where address.hasPrefix(prefix) {
      return gateway.openURL(place) + address.dropFirst(prefix.utf8.count)
    }
    return nil
  }

  /// Takes precedence over a rule of the user, which the gateway follows in his place.
  ///
  /// Git takes the rule with the longest prefix, and of equally long ones the first, which is the
  /// user's. So ours are longer by the one character that comes next, whichever it is.
  private func add(_ rule: Rule, to settings: inout GitSettings) {
    // What the user wrote in short is recorded in full.
    guard let place = place(of: rule.prefix) ?? place(of: rule.base) else { return }
    for next in Self.nextCharacters {
      settings.add("url.\(place)\(next).insteadOf", "\(rule.prefix)\(next)")
    }
    settings.add("url.\(rule.base).pushInsteadOf", rule.prefix)
  }

  private static let nextCharacters = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%+/@[")
}
