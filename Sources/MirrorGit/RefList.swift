import MirrorCore

/// The refs of a repository at one moment, as `git ls-remote --symref` prints them, in a fixed order.
///
/// Its bytes are what the lock holds by digest: a frozen run is shown exactly these refs again.
struct RefList: Hashable, Sendable {
  /// What HEAD stands for, where it is a branch.
  private(set) var head: String?
  /// The object of each name; a peeled tag's commit has the name with `^{}` behind it.
  private(set) var refs: [String: String] = [:]

  /// Reads the lines.
  ///
  /// - Throws: `corrupt` when one is not a ref.
  init(_ bytes: [UInt8], of subject: String) throws(MirrorError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MirrorError(.corrupt, "\(subject): its refs are no text")
    }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard words.count == 2 else {
        throw MirrorError(.corrupt, "\(subject): '\(line.prefix(80))' is not a ref")
      }
      let name = String(words[1])
      if words[0].hasPrefix("ref: ") {
        let target = String(words[0].dropFirst(5))
        if name == "HEAD", Self.isName(target) { head = target }
      } else {
        guard Self.isObject(words[0]), Self.isName(name) else {
          throw MirrorError(.corrupt, "\(subject): '\(line.prefix(80))' is not a ref")
        }
        refs[name] = String(words[0])
      }
    }
    if head == nil { head = guessedHead }
  }

  /// The refs of a repository of which nothing is known but a commit: the branch `main`, and HEAD on it.
  init(only commit: String) {
    head = "refs/heads/main"
    refs = ["HEAD": commit, "refs/heads/main": commit]
  }

  /// Whether there is no ref at all.
  var isEmpty: Bool { refs.isEmpty }

  /// The names of all objects, peeled ones included.
  var objects: Set<String> { Set(refs.values) }

  /// The objects that refs name themselves.
  var tips: Set<String> { Set(refs.filter { !$0.key.hasSuffix(Self.peeled) }.values) }

  /// The object of HEAD.
  var commit: String? { refs["HEAD"] ?? head.flatMap { refs[$0] } }

  /// Whether objects are named by SHA-256.
  var usesSHA256: Bool { refs.values.contains { $0.utf8.count == 64 } }

  /// The same refs with HEAD, and the branch it stands for, at another commit.
  func pinned(to commit: String) -> RefList {
    var pinned = self
    pinned.refs["HEAD"] = commit
    if let head { pinned.refs[head] = commit }
    return pinned
  }

  /// The text.
  var bytes: [UInt8] {
    let symbolic = head.map { ["ref: \($0)\tHEAD"] } ?? []
    let lines = symbolic + sorted.map { "\($0.value)\t\($0.key)" }
    return isEmpty ? [] : Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  // MARK: Files of a repository

  /// The file `HEAD`.
  var headFile: String {
    if let head { return "ref: \(head)\n" }
    return refs["HEAD"].map { "\($0)\n" } ?? "ref: refs/heads/main\n"
  }

  /// The file `packed-refs` (gitrepository-layout(5)).
  var packedRefs: String {
    var text = "# pack-refs with: peeled fully-peeled sorted \n"
    for (name, object) in sorted where name.hasPrefix("refs/") && !name.hasSuffix(Self.peeled) {
      text += "\(object) \(name)\n"
      if let commit = refs[name + Self.peeled] { text += "^\(commit)\n" }
    }
    return text
  }

  private static let peeled = "^{}"

  /// In the order of bytes, which git relies on.
  private var sorted: [(key: String, value: String)] {
    refs.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
  }

  /// The branch that git itself would take for HEAD where a server does not tell (remote.c).
  private var guessedHead: String? {
    guard let commit = refs["HEAD"] else { return nil }
    let usual = ["refs/heads/main", "refs/heads/master"]
    if let name = usual.first(where: { refs[$0] == commit }) { return name }
    return sorted.first { $0.value == commit && $0.key.hasPrefix("refs/heads/") }?.key
  }

  /// Whether it is the whole name of an object.
  static func isObject(_ text: some StringProtocol) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Whether a name can be a file below a repository without leading out of it (git-check-ref-format(1)).
  private static func isName(_ text: String) -> Bool {
    let name = text.hasSuffix(peeled) ? text.dropLast(3) : text[...]
    if name == "HEAD" { return true }
    guard name.hasPrefix("refs/"), !name.contains(".."), !name.contains("//") else { return false }
    return name.utf8.allSatisfy { byte in
      byte > 0x20 && byte != 0x7F && !"\\^:?*[~".utf8.contains(byte)
    }
  }
}
