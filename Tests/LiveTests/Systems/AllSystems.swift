extension MirrorSystem {
  /// All of them, in the order of the table.
  static let all = apt + pip + go + git + web + between + managers
  /// Those that can be away.
  static let remote = all.filter { !$0.isLocal }
  /// Those that can ask for a login.
  static let guarded = all.filter(\.hasLogin)
}
