import MirrorHook

/// What a build folder says about the mirror: the file `mirror/seat` in SONiC's `buildinfo` folder.
///
/// ```
/// gateway=http://172.17.0.1:8040
/// required=yes
/// strict=yes
/// set PIP_INDEX_URL={gateway}/pip/simple/
/// unset PIP_EXTRA_INDEX_URL
/// ```
///
/// It ships in every image, so no secret is in it: a token comes from `MIRROR_GATEWAY` in the
/// environment, which outweighs the file's gateway.
package struct Seat: Sendable, Equatable {
  /// What becomes of an environment variable.
  package enum Change: Sendable, Equatable {
    /// It is set; `{gateway}` stands for the gateway's URL, `{path}` for the one with the token in its path,
    /// `{authority}` for its host and port, `{basic}` for the login as HTTP's Basic scheme has it.
    case set(String, to: String)
    /// It is taken away.
    case unset(String)
  }

  /// The gateway's URL without a slash at its end; `nil` when only the environment names one.
  package var gateway: String?
  /// Whether a tool must not run while the gateway does not answer.
  package var isRequired: Bool
  /// Whether a package that a list does not have stops the tool.
  package var isStrict: Bool
  /// The variables that point the tools at the gateway.
  package var changes: [Change]

  /// Creates a seat.
  package init(
    gateway: String? = nil, isRequired: Bool = false, isStrict: Bool = false,
    changes: [Change] = []
  ) {
    self.gateway = gateway
    self.isRequired = isRequired
    self.isStrict = isStrict
    self.changes = changes
  }

  /// Reads the text of the file; lines it does not know say nothing.
  package init(_ text: String) {
    self.init()
    for line in text.split(separator: "\n") {
      if line.hasPrefix("gateway=") {
        gateway = String(line.dropFirst(8))
      } else if line == "required=yes" {
        isRequired = true
      } else if line == "strict=yes" {
        isStrict = true
      } else if line.hasPrefix("unset ") {
        changes.append(.unset(String(line.dropFirst(6))))
      } else if line.hasPrefix("set "), let mark = line.firstIndex(of: "=") {
        changes.append(
          .set(String(line[..<mark].dropFirst(4)), to: String(line[line.index(after: mark)...])))
      }
    }
  }

  /// The text of the file.
  package var text: String {
    var lines = [
      "# Where Mirror's wrapper finds its gateway. No secret belongs here: it ships in images."
    ]
    if let gateway { lines.append("gateway=\(gateway)") }
    if isRequired { lines.append("required=yes") }
    if isStrict { lines.append("strict=yes") }
    lines += changes.map { change in
      switch change {
      case .set(let name, let value): "set \(name)=\(value)"
      case .unset(let name): "unset \(name)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether the wrapper can use a gateway: it looks no names up.
  package static func accepts(gateway: String) -> Bool { GatewayAddress(gateway) != nil }

  /// The variables for a gateway, `nil` for those to take away.
  ///
  /// - Parameter url: the gateway's URL, with or without a slash at its end; it may hold a token.
  package func environment(for url: String) -> [(name: String, value: String?)] {
    let gateway = url.hasSuffix("/") ? String(url.dropLast()) : url
    let parts = gateway.dropFirst(7).split(separator: "@", maxSplits: 1)
    let authority = String(parts.last ?? "")
    let token = parts.count == 2 ? parts[0].split(separator: ":", maxSplits: 1).last : nil
    let path = "http://\(authority)" + (token.map { "/t/\($0)" } ?? "")
    let login = token.map { "mirror:\($0)" } ?? "mirror:"
    let words = [
      ("{gateway}", gateway), ("{path}", path), ("{authority}", authority),
      ("{basic}", Base64.encode(login)),
    ]
    return changes.map { change in
      switch change {
      case .set(let name, let value):
        (name, words.reduce(value) { Self.replace($1.0, in: $0, by: $1.1) })
      case .unset(let name): (name, nil)
      }
    }
  }

  /// Replaces a word; the standard library's own way would bring regular expressions along.
  private static func replace(_ word: String, in text: String, by other: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    let wanted = Array(word.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: wanted) {
        result += other.utf8
        index += wanted.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
