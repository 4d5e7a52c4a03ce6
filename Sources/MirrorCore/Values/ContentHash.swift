internal import protocol Crypto.HashFunction
internal import enum Crypto.Insecure
internal import struct Crypto.SHA256
internal import struct Crypto.SHA384
internal import struct Crypto.SHA512

/// The digests of bytes as they pass: always SHA-256, and whichever others a request names.
public struct ContentHash: Sendable {
  private var sha256 = SHA256()
  private var others: [Digest.Algorithm: any HashFunction] = [:]

  /// Starts with no bytes.
  ///
  /// - Parameter algorithms: further algorithms to compute; unknown ones are left out.
  public init(also algorithms: some Sequence<Digest.Algorithm> = []) {
    for algorithm in algorithms {
      switch algorithm {
      case .sha384: others[algorithm] = SHA384()
      case .sha512: others[algorithm] = SHA512()
      case .sha1: others[algorithm] = Insecure.SHA1()
      case .md5: others[algorithm] = Insecure.MD5()
      default: break
      }
    }
  }

  /// Takes the next bytes in.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    sha256.update(bufferPointer: bytes)
    for algorithm in others.keys { others[algorithm]?.update(bufferPointer: bytes) }
  }

  /// The SHA-256 so far.
  public func digest() -> Digest { Digest(.sha256, bytes: sha256.finalize()) }

  /// Every digest so far, SHA-256 first.
  public func digests() -> [Digest] {
    var result = [digest()]
    for algorithm in others.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
      if let function = others[algorithm] { result.append(finish(function, as: algorithm)) }
    }
    return result
  }

  private func finish<Function: HashFunction>(
    _ function: Function, as algorithm: Digest.Algorithm
  ) -> Digest {
    Digest(algorithm, bytes: function.finalize())
  }

  /// The SHA-256 of bytes in memory.
  public static func sha256(of bytes: some Sequence<UInt8>) -> Digest {
    var hash = ContentHash()
    Array(bytes).withUnsafeBytes { hash.update($0) }
    return hash.digest()
  }
}
