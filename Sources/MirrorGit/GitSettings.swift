import MirrorCore

/// Settings for git in its environment, a list that is counted (git-config(1), GIT_CONFIG_COUNT).
struct GitSettings: Hashable, Sendable {
  private(set) var pairs: [(key: String, value: String)] = []

  init(_ pairs: [(String, String)] = []) { self.pairs = pairs.map { ($0.0, $0.1) } }

  /// The user's own in an environment: all but those that a gateway has added there.
  init(ownIn environment: [String: String]) {
    var number = 0
    let end = Self.count(in: environment)
    while number < end {
      let names = Self.names(of: number)
      guard let key = environment[names.key], let value = environment[names.value] else { return }
      number += 1
      if key == Self.mark {
        number += max(0, min(Int(value) ?? 0, end))
      } else {
        add(key, value)
      }
    }
  }

  /// The setting in front of a gateway's, which says how many they are; to git it means nothing.
  private static let mark = "mirror.settings"

  /// Adds a setting.
  mutating func add(_ key: String, _ value: String) { pairs.append((key, value)) }

  /// The variables that add them to those of an environment.
  func variables(after environment: [String: String]) -> [String: String] {
    variables(from: Self.count(in: environment))
  }

  /// The changes to an environment that make them its gateway's, behind the user's own and in the place of
  /// those of an earlier gateway.
  func changes(to environment: [String: String]) -> [String: String?] {
    let own = Self(ownIn: environment).pairs
    let all = Self(own + [(Self.mark, String(pairs.count))] + pairs).variables(from: 0)
    var changes: [String: String?] = all.mapValues { $0 }
    for name in environment.keys where all[name] == nil && Self.isOne(name) {
      changes.updateValue(nil, forKey: name)
    }
    return changes
  }

  private func variables(from start: Int) -> [String: String] {
    var variables = [Self.counter: String(start + pairs.count)]
    for (number, pair) in zip(start..., pairs) {
      let names = Self.names(of: number)
      variables[names.key] = pair.key
      variables[names.value] = pair.value
    }
    return variables
  }

  private static let counter = "GIT_CONFIG_COUNT"

  private static func names(of number: Int) -> (key: String, value: String) {
    ("GIT_CONFIG_KEY_\(number)", "GIT_CONFIG_VALUE_\(number)")
  }

  private static func isOne(_ name: String) -> Bool {
    name.hasPrefix("GIT_CONFIG_KEY_") || name.hasPrefix("GIT_CONFIG_VALUE_")
  }

  /// How many there are; never more than an environment can hold.
  private static func count(in environment: [String: String]) -> Int {
    max(0, min(environment[counter].flatMap { Int($0) } ?? 0, environment.count))
  }

  static func == (left: GitSettings, right: GitSettings) -> Bool {
    left.pairs.elementsEqual(right.pairs) { $0 == $1 }
  }

  func hash(into hasher: inout Hasher) {
    for pair in pairs {
      hasher.combine(pair.key)
      hasher.combine(pair.value)
    }
  }
}
