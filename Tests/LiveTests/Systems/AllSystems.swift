extension MirrorSystem {
  /// All of them, in the order of the table.
  static let all = apt + pip + go + git + web + managers
  /// Those that can be away, and ask for a login.
  static let remote = all.filter { !$0.isLocal }
}
