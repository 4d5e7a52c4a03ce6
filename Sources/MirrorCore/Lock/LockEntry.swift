/// One line of the lock: a name, and the bytes it stands for.
public struct LockEntry: Hashable, Sendable {
  /// What a name stood for when it was recorded.
  public enum State: Hashable, Sendable {
    /// These bytes, of that length.
    case present(Digest, size: Int)
    /// Nothing: the answer was an authentic miss.
    case absent
  }

  /// The ecosystem.
  public var ecosystem: Ecosystem
  /// The request's identity.
  public var identity: String
  /// What it stood for.
  public var state: State
  /// Whether it is a look-up, which stands for something else whenever it is recorded anew.
  public var changes: Bool
  /// Where the tool itself would have got it, where that is not the identity.
  public var origin: String?
  /// Facts of the index that a locked run needs.
  public var attributes: [String: String]

  /// Creates an entry.
  public init(
    ecosystem: Ecosystem, identity: String, state: State, changes: Bool = false,
    origin: String? = nil,
    attributes: [String: String] = [:]
  ) {
    self.ecosystem = ecosystem
    self.identity = identity
    self.state = state
    self.changes = changes
    self.origin = origin
    self.attributes = attributes
  }

  /// Creates the entry of a request.
  ///
  /// - Parameter facts: what its answer brought to light.
  package init(_ request: Request, _ state: State, facts: [String: String] = [:]) {
    let origin = request.origin.identity
    self.init(
      ecosystem: request.ecosystem, identity: request.identity, state: state,
      changes: request.changes,
      origin: origin == request.identity || request.origin.isNowhere ? nil : origin,
      attributes: request.attributes.merging(facts) { $1 })
  }

  /// The digest and length, unless the entry records a miss.
  public var bytes: (digest: Digest, size: Int)? {
    if case .present(let digest, let size) = state { (digest, size) } else { nil }
  }

  /// The line: ecosystem, identity, digest and length (or `absent`), then `key=value` fields.
  var line: String {
    var words = [ecosystem.rawValue, identity]
    switch state {
    case .present(let digest, let size): words += [digest.description, String(size)]
    case .absent: words.append("absent")
    }
    var fields = attributes
    fields["origin"] = origin
    fields["changes"] = changes ? "yes" : nil
    words += fields.sorted { $0.key < $1.key }
      .map { "\($0.key)=\(PercentEncoding.encode($0.value, allowing: "/?=&+,;@!~*'()$<>[]|"))" }
    return words.joined(separator: " ")
  }

  /// The most a length may be, in bytes: no file system here holds a longer file, and the sum of many is a
  /// number still.
  private static let longest = 1 << 44

  /// Reads a line; `nil` when it is not one.
  init?(line: some StringProtocol) {
    var words = line.split(separator: Character(" "), omittingEmptySubsequences: false)
      .map { String($0) }[...]
    guard let ecosystem = words.popFirst(), let identity = words.popFirst(),
      let state = words.popFirst(), !ecosystem.isEmpty, !identity.isEmpty
    else { return nil }
    if state == "absent" {
      self.state = .absent
    } else {
      guard let digest = Digest(state), digest.algorithm == .sha256,
        let size = words.popFirst().flatMap({ Int($0) }), (0...Self.longest).contains(size)
      else { return nil }
      self.state = .present(digest, size: size)
    }
    var fields: [String: String] = [:]
    for word in words {
      guard let mark = word.firstIndex(of: "="), mark != word.startIndex else { return nil }
      fields[String(word[..<mark])] = PercentEncoding.decode(word[word.index(after: mark)...])
    }
    self.ecosystem = Ecosystem(rawValue: ecosystem)
    self.identity = identity
    origin = fields.removeValue(forKey: "origin")
    changes = fields.removeValue(forKey: "changes") == "yes"
    attributes = fields
  }
}
