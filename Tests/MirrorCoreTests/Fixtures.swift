import MirrorCore
import MirrorTesting

extension Ecosystem {
  static let web = Ecosystem(rawValue: "web")
}

extension Request {
  /// A file of an upstream, unpinned unless digests are given.
  static func file(
    _ name: String = "tool.tgz", owner: String? = nil, digests: [Digest] = [], size: Int? = nil,
    changes: Bool = false
  ) -> Request {
    let origin = Locator(scheme: "https", host: "files.example", path: "/\(name)")
    return Request(
      ecosystem: .web, identity: origin.identity, package: PackageURL(type: "generic", name: name),
      ownerName: owner, origin: origin, digests: digests, size: size, changes: changes)
  }
}

extension Digest {
  /// The SHA-256 of a text.
  static func of(_ text: String) -> Digest { ContentHash.sha256(of: text.utf8) }

  /// The digest of a text by another algorithm.
  static func of(_ text: String, _ algorithm: Algorithm) -> Digest? {
    var hash = ContentHash(also: [algorithm])
    Array(text.utf8).withUnsafeBytes { hash.update($0) }
    return hash.digests().first { $0.algorithm == algorithm }
  }
}

extension Resolution {
  /// The text that was delivered; `nil` when nothing was.
  var text: String? {
    guard case .satisfied(let delivery, _) = self,
      let bytes = try? delivery.file.read(at: 0, count: delivery.size)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The code and the words of a failure.
  var error: MirrorError? {
    if case .failed(let error, _) = self { error } else { nil }
  }

  /// Whether it is a miss.
  var isMiss: Bool {
    if case .missed = self { true } else { false }
  }

  /// The trail as words: `acme:corrupt origin:hit`.
  var trail: String {
    attempts.map { "\($0.source):\($0.outcome.rawValue)" }.joined(separator: " ")
  }
}

extension OpenFile {
  /// The text between two offsets.
  func text(_ range: Range<Int>) throws -> String {
    String(decoding: try read(at: range.lowerBound, count: range.count), as: UTF8.self)
  }
}
