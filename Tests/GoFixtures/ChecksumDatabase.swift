internal import Crypto
import Foundation

/// A checksum database of a test's own: a transparent log of go.sum lines with a key that signs it.
///
/// The forms are those of golang.org/x/mod/sumdb, `tlog` and `note`. It holds fewer than 256 records, so
/// that one tile has all.
public struct ChecksumDatabase: Sendable {
  /// The name.
  public let name: String
  private let key = Curve25519.Signing.PrivateKey()
  private let records: [(name: String, text: String)]

  /// A database that knows the modules.
  public init(_ name: String, _ modules: [GoModule]) {
    self.name = name
    records = modules.map { module in
      (
        "\(GoModule.escape(module.path))@\(GoModule.escape(module.version))",
        module.sums.map { "\($0)\n" }.joined()
      )
    }
  }

  /// The key as GOSUMDB has it: `NAME+HASH+KEY`.
  public var verifierKey: String {
    let hash = keyHash.map { String(format: "%02x", $0) }.joined()
    return "\(name)+\(hash)+\((Data([1]) + key.publicKey.rawRepresentation).base64EncodedString())"
  }

  /// The files below the database's root, with a tree head over the first records.
  ///
  /// - Parameter head: how many records the head of each look-up covers, by the record's number.
  public func files(head: (Int) -> Int) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for (number, record) in records.enumerated() {
      let size = head(number)
      files["lookup/\(record.name)"] =
        Array("\(number)\n\(record.text)\n".utf8) + (try note(size: size))
    }
    files["latest"] = try note(size: records.count)
    for size in 1...max(1, records.count) {
      files["tile/8/0/000.p/\(size)"] = leaves.prefix(size).flatMap { Array($0) }
    }
    return files
  }

  /// The files, each look-up under the newest head.
  public func files() throws -> [String: [UInt8]] { try files { _ in records.count } }

  // MARK: Inside

  private var keyHash: Data {
    let text = Data("\(name)\n".utf8) + [1] + key.publicKey.rawRepresentation
    return Data(SHA256.hash(data: text)).prefix(4)
  }

  private var leaves: [Data] {
    records.map { Data(SHA256.hash(data: Data([0]) + Data($0.text.utf8))) }
  }

  private func note(size: Int) throws -> [UInt8] {
    let hash = Self.root(Array(leaves.prefix(size))).base64EncodedString()
    let text = "go.sum database tree\n\(size)\n\(hash)\n"
    let signature = keyHash + (try key.signature(for: Data(text.utf8)))
    return Array("\(text)\n— \(name) \(signature.base64EncodedString())\n".utf8)
  }

  /// The hash over the leaves (RFC 6962, 2.1).
  private static func root(_ leaves: [Data]) -> Data {
    guard leaves.count > 1 else { return leaves.first ?? Data(SHA256.hash(data: Data())) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let (left, right) = (root(Array(leaves[..<split])), root(Array(leaves[split...])))
    return Data(SHA256.hash(data: Data([1]) + left + right))
  }
}
