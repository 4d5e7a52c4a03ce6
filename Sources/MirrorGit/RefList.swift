package import MirrorCore

/// The refs of a repository at one moment, as `git ls-remote --symref` prints them, in a fixed order.
///
/// Its bytes are what the lock holds by digest: a frozen run is shown exactly these refs again.
package struct RefList: Hashable, Sendable {
  /// What HEAD stands for, where it is a branch.
  package private(set) var head: RefName?
  /// The object of each name; a peeled tag's commit has the name with `^{}` behind it.
  package private(set) var refs: [RefName: String] = [:]

  /// Reads the lines.
  ///
  /// - Throws: `corrupt` when one is not a ref.
  package init(_ bytes: [UInt8], of subject: String) throws(MirrorError) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      let name = RefName(words.last ?? [])
      let object = String(decoding: words[0], as: UTF8.self)
      if words.count == 2, words[0].starts(with: Self.symbolic) {
        let target = RefName(words[0].dropFirst(Self.symbolic.count))
        if name == "HEAD", target.isSafe { head = target }
      } else {
        guard words.count == 2, Self.isObject(object), name.isSafe else {
          let text = String(decoding: line.prefix(80), as: UTF8.self)
          throw MirrorError(.corrupt, "\(subject): '\(text)' is not a ref")
        }
        refs[name] = object
      }
    }
    if head == nil { head = guessedHead }
  }

  /// The refs of a repository of which nothing is known but a commit: the branch `main`, and HEAD on it.
  package init(only commit: String) {
    head = "refs/heads/main"
    refs = ["HEAD": commit, "refs/heads/main": commit]
  }

  /// Whether there is no ref at all.
  package var isEmpty: Bool { refs.isEmpty }

  /// The names of all objects, peeled ones included.
  var objects: Set<String> { Set(refs.values) }

  /// The objects that refs name themselves.
  var tips: Set<String> { Set(refs.filter { !$0.key.isPeeled }.values) }

  /// The object of HEAD.
  package var commit: String? { refs["HEAD"] ?? head.flatMap { refs[$0] } }

  /// Whether objects are named by SHA-256.
  var usesSHA256: Bool { refs.values.contains { $0.utf8.count == 64 } }

  /// The same refs with HEAD, and the branch it stands for, at another commit.
  package func pinned(to commit: String) -> RefList {
    var pinned = self
    pinned.refs["HEAD"] = commit
    if let head { pinned.refs[head] = commit }
    return pinned
  }

  /// The text.
  package var bytes: [UInt8] {
    guard !isEmpty else { return [] }
    var bytes = head.map { Self.symbolic + $0.bytes + Array("\tHEAD\n".utf8) } ?? []
    for (name, object) in sorted { bytes += Array("\(object)\t".utf8) + name.bytes + Self.end }
    return bytes
  }

  // MARK: Files of a repository

  /// The file `HEAD`.
  package var headFile: [UInt8] {
    if let head { return Self.symbolic + head.bytes + Self.end }
    if let commit = refs["HEAD"] { return Array("\(commit)\n".utf8) }
    // Where HEAD stands for a branch that is not there, none is shown; no branch can have that name.
    return Array("ref: refs/heads/\(isEmpty ? "main" : ".invalid")\n".utf8)
  }

  /// The file `packed-refs` (gitrepository-layout(5)).
  package var packedRefs: [UInt8] {
    var bytes = Array("# pack-refs with: peeled fully-peeled sorted \n".utf8)
    for (name, object) in sorted where name != "HEAD" && !name.isPeeled {
      bytes += Array("\(object) ".utf8) + name.bytes + Self.end
      if let commit = refs[name.peeled] { bytes += Array("^\(commit)\n".utf8) }
    }
    return bytes
  }

  private static let symbolic = Array("ref: ".utf8)
  private static let end = [UInt8(ascii: "\n")]

  private var sorted: [(key: RefName, value: String)] { refs.sorted { $0.key < $1.key } }

  /// The branch that git itself would take for HEAD where a server does not tell (remote.c).
  private var guessedHead: RefName? {
    guard let commit = refs["HEAD"] else { return nil }
    let usual: [RefName] = ["refs/heads/main", "refs/heads/master"]
    if let name = usual.first(where: { refs[$0] == commit }) { return name }
    return sorted.first { $0.value == commit && $0.key.isBranch }?.key
  }

  /// Whether it is the whole name of an object.
  static func isObject(_ text: some StringProtocol) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
