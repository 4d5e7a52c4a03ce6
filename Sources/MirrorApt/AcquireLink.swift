import MirrorCore

/// The path under which the acquire method asks for a file: the URI and all that apt's indices say of it.
///
/// `get/FACTS`, where FACTS are `key=value` lines in which every byte but letters, digits, `.`, `-` and
/// `~` is written `_XX`. The method (MirrorHook) writes it; so the gateway keeps no table.
struct AcquireLink: Hashable {
  /// The URI as apt gave it, with a login where sources.list has one.
  var uri: Locator
  /// The file's name in apt's own folders; with the epoch of the version, which the URI lacks.
  var fileName: String
  /// What apt expects of the bytes.
  var digests: [Digest]
  /// The length that apt expects, in bytes.
  var size: Int?
  /// Whether it is an index, `nil` where apt does not say, as for source packages.
  var isIndex: Bool?
  /// The archive's root.
  var root: Locator?
  /// What apt says of the place in the archive, by the names of the lock.
  var attributes: [String: String]

  /// Reads FACTS; `nil` when they are not ours.
  init?(facts: some StringProtocol) {
    guard let text = Self.unescape(facts) else { return nil }
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let mark = line.firstIndex(of: "=") else { return nil }
      values[String(line[..<mark])] = String(line[line.index(after: mark)...])
    }
    guard let uri = values["uri"].flatMap({ Locator($0) }), ["http", "https"].contains(uri.scheme)
    else { return nil }
    self.uri = uri
    fileName = values["file"] ?? uri.lastComponent
    digests = [Digest.Algorithm.sha256, .sha512, .sha1, .md5].compactMap { algorithm in
      values[algorithm.rawValue].flatMap { Digest(algorithm, hex: $0) }
    }
    size = values["size"].flatMap { Int($0) }
    isIndex = values["type"].map { $0 == "index" }
    root = values["root"].flatMap { Locator($0) }
    attributes = [:]
    for key in ["release", "component", "architecture"] { attributes[key] = values[key] }
  }

  private static func unescape(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "_") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
