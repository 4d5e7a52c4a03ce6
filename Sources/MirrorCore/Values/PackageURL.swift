/// The identity of a package across ecosystems (the purl specification).
///
/// `pkg:type/namespace/name@version?qualifiers#subpath`; qualifiers are sorted by key and every part
/// is percent-encoded, so equal packages have equal text.
public struct PackageURL: Hashable, Sendable, CustomStringConvertible {
  /// The type, lower case: `pypi`, `deb`, `golang`, `generic`.
  public var type: String
  /// What stands between type and name, slashes included; empty for most types.
  public var namespace: String
  /// The name.
  public var name: String
  /// The version, where known.
  public var version: String?
  /// The qualifiers, by lower-case key; one without a value is as good as absent.
  public var qualifiers: [String: String]

  /// Creates a package URL from its parts, which are not percent-encoded.
  public init(
    type: String, namespace: String = "", name: String, version: String? = nil,
    qualifiers: [String: String] = [:]
  ) {
    self.type = type.lowercased()
    self.namespace = namespace
    self.name = name
    self.version = version
    self.qualifiers = Dictionary(
      qualifiers.filter { !$0.value.isEmpty }.map { ($0.key.lowercased(), $0.value) }
    ) { $1 }
  }

  /// Reads a purl; `nil` when the text is not one.
  public init?(_ text: String) {
    guard text.hasPrefix("pkg:") else { return nil }
    var rest = text.dropFirst(4).drop { $0 == "/" }
    if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
    var qualifiers: [String: String] = [:]
    if let mark = rest.firstIndex(of: "?") {
      for pair in rest[rest.index(after: mark)...].split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        qualifiers[parts[0].lowercased()] = PercentEncoding.decode(parts[1])
      }
      rest = rest[..<mark]
    }
    var version: String?
    if let at = rest.lastIndex(of: "@"), at > (rest.lastIndex(of: "/") ?? rest.startIndex) {
      version = PercentEncoding.decode(rest[rest.index(after: at)...])
      rest = rest[..<at]
    }
    let segments = rest.split(separator: "/").map { PercentEncoding.decode($0) }
    guard segments.count >= 2, let type = segments.first, let name = segments.last else {
      return nil
    }
    self.init(
      type: type, namespace: segments.dropFirst().dropLast().joined(separator: "/"), name: name,
      version: version, qualifiers: qualifiers)
  }

  /// The canonical text.
  public var description: String {
    var text = "pkg:\(type)/"
    if !namespace.isEmpty {
      text +=
        namespace.split(separator: "/").map { PercentEncoding.encode($0) }.joined(separator: "/")
        + "/"
    }
    text += PercentEncoding.encode(name)
    if let version { text += "@" + PercentEncoding.encode(version) }
    let pairs = qualifiers.sorted { $0.key < $1.key }
      .map { "\($0.key)=\(PercentEncoding.encode($0.value))" }
    return pairs.isEmpty ? text : text + "?" + pairs.joined(separator: "&")
  }
}
