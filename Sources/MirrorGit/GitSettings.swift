import MirrorCore

/// Settings for git in its environment, behind those that the user gave there (git-config(1)).
struct GitSettings: Hashable, Sendable {
  private(set) var pairs: [(key: String, value: String)] = []

  init(_ pairs: [(String, String)] = []) { self.pairs = pairs.map { ($0.0, $0.1) } }

  /// Adds a setting.
  mutating func add(_ key: String, _ value: String) { pairs.append((key, value)) }

  /// The variables that add them to those of an environment.
  func variables(after environment: [String: String]) -> [String: String] {
    let count = environment["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
    var variables = ["GIT_CONFIG_COUNT": String(count + pairs.count)]
    for (index, pair) in pairs.enumerated() {
      variables["GIT_CONFIG_KEY_\(count + index)"] = pair.key
      variables["GIT_CONFIG_VALUE_\(count + index)"] = pair.value
    }
    return variables
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
