/// Logins by machine, as curl, git, pip and apt keep them (netrc(5), apt_auth.conf(5)).
///
/// A machine is a host, `host:port`, or apt's `scheme://host[:port][/path]`; of several that match,
/// the one with the longest path counts, and `default` matches what nothing else does.
package struct Netrc: Sendable {
  private struct Machine: Sendable {
    var name: String?
    var login = ""
    var password = ""
  }

  private var machines: [Machine] = []

  private let bareScheme: String?

  /// Reads the text of a file; what is not understood is passed over, as other readers do.
  ///
  /// - Parameter bareScheme: the only scheme that a machine without one is meant for; apt's rule is
  ///   `https`.
  package init(_ text: String, bareScheme: String? = nil) {
    self.bareScheme = bareScheme
    var words: [Substring] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(whereSeparator: \.isWhitespace)
      if let first = parts.first, !first.hasPrefix("#") { words += parts }
    }
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "machine": machines.append(Machine(name: rest.popFirst().map { String($0) }))
      case "default": machines.append(Machine(name: nil))
      case "login":
        if let value = rest.popFirst(), !machines.isEmpty {
          machines[machines.count - 1].login = String(value)
        }
      case "password":
        if let value = rest.popFirst(), !machines.isEmpty {
          machines[machines.count - 1].password = String(value)
        }
      default: break
      }
    }
  }

  /// `login:password` for a URL; `nil` when no machine matches.
  package func login(for locator: Locator) -> Secret? {
    var best: (length: Int, machine: Machine)?
    for machine in machines {
      guard let length = match(machine.name, locator) else { continue }
      if best.map({ length > $0.length }) ?? true { best = (length, machine) }
    }
    return best.map { Secret("\($0.machine.login):\($0.machine.password)") }
  }

  /// How well a machine's name fits a URL; `nil` when it does not.
  private func match(_ name: String?, _ locator: Locator) -> Int? {
    guard let name else { return 0 }
    var rest = name[...]
    if let mark = name.firstRange(of: "://") {
      guard name[..<mark.lowerBound].lowercased() == locator.scheme else { return nil }
      rest = name[mark.upperBound...]
    } else if let bareScheme, locator.scheme != bareScheme {
      return nil
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let host = rest[..<slash].lowercased()
    let path = rest[slash...]
    guard host == locator.host || host == "\(locator.host):\(locator.effectivePort)" else {
      return nil
    }
    guard path.isEmpty || Self.isBelow(path, locator.path) else { return nil }
    return 1 + path.utf8.count
  }

  private static func isBelow(_ folder: Substring, _ path: String) -> Bool {
    let folder = folder.hasSuffix("/") ? folder.dropLast() : folder
    return path == folder || path.hasPrefix("\(folder)/")
  }
}
