/// A cryptographic digest: the identity of bytes.
public struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// A digest algorithm, by the lower-case name that pip, apt and the OCI specification use.
  public struct Algorithm: RawRepresentable, Hashable, Sendable {
    /// The name, such as `sha256`.
    public let rawValue: String
    /// Creates the algorithm of that name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// SHA-256 (FIPS 180-4): the store's own.
    public static let sha256 = Algorithm(rawValue: "sha256")
    /// SHA-384 (FIPS 180-4).
    public static let sha384 = Algorithm(rawValue: "sha384")
    /// SHA-512 (FIPS 180-4).
    public static let sha512 = Algorithm(rawValue: "sha512")
    /// SHA-1: read for compatibility and checked, never a pin.
    public static let sha1 = Algorithm(rawValue: "sha1")
    /// MD5: read for compatibility and checked, never a pin.
    public static let md5 = Algorithm(rawValue: "md5")

    /// Whether a digest of this kind counts as a pin.
    public var isStrong: Bool { self == .sha256 || self == .sha384 || self == .sha512 }

    /// The length of a digest in hexadecimal digits; `nil` for an algorithm we cannot compute.
    public var hexLength: Int? {
      switch rawValue {
      case "sha256": 64
      case "sha384": 96
      case "sha512": 128
      case "sha1": 40
      case "md5": 32
      default: nil
      }
    }
  }

  /// The algorithm.
  public let algorithm: Algorithm
  /// The digest in lower-case hexadecimal digits.
  public let hex: String

  /// Creates a digest; `nil` when the digits do not fit the algorithm.
  public init?(_ algorithm: Algorithm, hex: String) {
    let hex = hex.lowercased()
    guard hex.utf8.count == algorithm.hexLength, hex.utf8.allSatisfy(Self.isHexDigit) else {
      return nil
    }
    self.algorithm = algorithm
    self.hex = hex
  }

  /// Reads `sha256:HEX` or `sha256=HEX`; `nil` when it is neither.
  public init?(_ text: some StringProtocol) {
    guard let mark = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
    self.init(
      Algorithm(rawValue: text[..<mark].lowercased()), hex: String(text[text.index(after: mark)...])
    )
  }

  init(_ algorithm: Algorithm, bytes: some Sequence<UInt8>) {
    self.algorithm = algorithm
    self.hex = String(
      decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] },
      as: UTF8.self)
  }

  /// `algorithm:hex`.
  public var description: String { "\(algorithm.rawValue):\(hex)" }

  /// Orders digests as text.
  public static func < (left: Digest, right: Digest) -> Bool {
    left.description < right.description
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
