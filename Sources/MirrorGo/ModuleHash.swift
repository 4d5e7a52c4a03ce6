import FoundationEssentials
import MirrorCore

/// The h1 hash of a set of files: of a module's zip, or of its go.mod alone
/// (golang.org/x/mod/sumdb/dirhash).
enum ModuleHash {
  /// The hash of files, by the digests of their bytes.
  static func h1(_ files: [(name: [UInt8], digest: Digest)]) -> String {
    var hash = ContentHash()
    for file in files.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
      let line = Array(file.digest.hex.utf8) + [0x20, 0x20] + file.name + [0x0A]
      line.withUnsafeBytes { hash.update($0) }
    }
    return "h1:" + Data(bytes(hash.digest().hex)).base64EncodedString()
  }

  /// The hash of a go.mod file.
  static func h1(goMod bytes: [UInt8]) -> String {
    h1([(Array("go.mod".utf8), ContentHash.sha256(of: bytes))])
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
