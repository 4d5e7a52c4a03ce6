import MirrorCore

/// The list in GOPROXY: who is asked for modules, in which order, and what leads to the next.
///
/// The rules are the go command's own (`go help goproxy`, modfetch/proxy.go): after `,` only a miss goes
/// on, after `|` every failure does; `off` and `direct` end the list.
struct ProxyList: Hashable, Sendable {
  /// One word of the list.
  enum Place: Hashable, Sendable {
    /// A proxy, by its base.
    case proxy(Locator)
    /// The version control systems that modules come from.
    case direct
    /// Nobody: asking is not allowed.
    case off
  }

  /// A word, and what stands after it.
  struct Entry: Hashable, Sendable {
    var place: Place
    /// Whether every failure goes on to the next, not a miss alone.
    var goesOnAfterFailure = false
  }

  /// The words in order.
  let entries: [Entry]

  /// The list of one word, `direct`: what a private module is asked of.
  static let direct = ProxyList(entries: [Entry(place: .direct)])

  private init(entries: [Entry]) { self.entries = entries }

  /// Reads the value of GOPROXY.
  ///
  /// - Throws: `misconfigured` when it names nobody, or an entry is no URL.
  init(_ text: String) throws(MirrorError) {
    var entries: [Entry] = []
    var rest = text[...]
    while !rest.isEmpty {
      let end = rest.firstIndex { $0 == "," || $0 == "|" } ?? rest.endIndex
      let word = rest[..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let goesOn = end < rest.endIndex && rest[end] == "|"
      rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[end...]
      if word.isEmpty { continue }
      let place = try Self.place(word)
      entries.append(Entry(place: place, goesOnAfterFailure: goesOn))
      if place == .off || place == .direct { break }
    }
    guard !entries.isEmpty else {
      throw MirrorError(.misconfigured, "go: GOPROXY names nobody; set it to a URL, direct or off")
    }
    self.entries = entries
  }

  private static func place(_ word: String) throws(MirrorError) -> Place {
    if word == "off" { return .off }
    if word == "direct" { return .direct }
    // Like the go command: what has a dot, a colon or a slash is a URL, if need be without its scheme.
    let isBare = word.contains { ".:/".contains($0) } && !word.contains(":/") && word.first != "/"
    guard let url = Locator(isBare ? "https://\(word)" : word),
      ["http", "https", "file"].contains(url.scheme)
    else {
      throw MirrorError(
        .misconfigured,
        "go: '\(Locator.redacting(word))' in GOPROXY is no URL, direct or off; check go env GOPROXY"
      )
    }
    return .proxy(url)
  }
}
