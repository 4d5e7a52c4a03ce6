/// What the caller's environment says to git and apt in variables that the seat has as well.
///
/// The caller's settings stay, and the seat's come beside them: a chroot's apt keeps its own folders,
/// and a `safe.directory` its effect.
package struct CallerSettings {
  private let variable: (String) -> String?

  /// Reads an environment.
  ///
  /// - Parameter variable: the value of a variable, `nil` when there is none.
  package init(_ variable: @escaping (String) -> String?) { self.variable = variable }

  /// The seat's variables as they are set beside the caller's.
  package func joined(
    _ seat: [(name: String, value: String?)]
  ) -> [(name: String, value: String?)] {
    let isAptKept = ownAptConfiguration(beside: seat) != nil
    let others = seat.filter {
      !$0.name.hasPrefix("GIT_CONFIG_") && !($0.name == "APT_CONFIG" && isAptKept)
    }
    return others + git(seat.filter { $0.name.hasPrefix("GIT_CONFIG_") })
  }

  /// The settings of the seat's file for apt as options, where the caller has a file of its own, which apt
  /// then reads; empty where apt reads the seat's.
  ///
  /// - Parameter read: the text of a file.
  package func aptOptions(
    beside seat: [(name: String, value: String?)], read: (String) -> String?
  ) -> [String] {
    guard let path = ownAptConfiguration(beside: seat) else { return [] }
    return (read(path) ?? "").split(separator: "\n").flatMap { line -> [String] in
      // `NAME "VALUE";`, as the seat's file has them (apt.conf(5)).
      let words = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard words.count == 3, words[2] == ";", words[0].hasSuffix(" "), !line.hasPrefix("#")
      else { return [] }
      return ["-o", "\(words[0].dropLast())=\(words[1])"]
    }
  }

  /// The seat's file for apt, where the caller names another.
  private func ownAptConfiguration(beside seat: [(name: String, value: String?)]) -> String? {
    guard let path = seat.first(where: { $0.name == "APT_CONFIG" })?.value,
      let own = variable("APT_CONFIG"), !own.isEmpty, own != path
    else { return nil }
    return path
  }

  /// The seat's pairs behind the caller's (git-config(1), `GIT_CONFIG_COUNT`); none where a wrapper
  /// around this one has set them, or where git will not have the caller's.
  private func git(
    _ seat: [(name: String, value: String?)]
  ) -> [(name: String, value: String?)] {
    guard let text = variable("GIT_CONFIG_COUNT"), !text.isEmpty, text != "0" else { return seat }
    guard let count = Int(text), (1...Self.mostPairs).contains(count),
      let first = seat.first(where: { $0.name == "GIT_CONFIG_KEY_0" })?.value,
      !(0..<count).contains(where: { variable("GIT_CONFIG_KEY_\($0)") == first })
    else { return [] }
    return seat.map { name, value in
      if name == "GIT_CONFIG_COUNT" {
        return (name, value.flatMap { Int($0) }.map { String($0 + count) })
      }
      let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
      guard let number = Int(name.suffix(digits)) else { return (name, value) }
      return ("\(name.dropLast(digits))\(number + count)", value)
    }
  }

  private static let mostPairs = 10_000
}
