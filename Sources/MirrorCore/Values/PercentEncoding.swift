/// Percent-encoding of text (RFC 3986, 2.1): everything but unreserved characters and `:` is encoded.
package enum PercentEncoding {
  private static let kept: [Bool] = {
    let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:".utf8)
    return (0...UInt8.max).map { kept.contains($0) }
  }()
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// Encodes text, keeping the bytes of `allowed` too.
  package static func encode(_ text: some StringProtocol, allowing allowed: String = "") -> String {
    encode(text.utf8, allowing: allowed)
  }

  /// Encodes bytes, keeping those of `allowed` too.
  static func encode(_ bytes: some Sequence<UInt8>, allowing allowed: String = "") -> String {
    let allowed = Array(allowed.utf8)
    var result: [UInt8] = []
    for byte in bytes {
      if kept[Int(byte)] || allowed.contains(byte) {
        result.append(byte)
      } else {
        result += code(of: byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The code of a byte.
  static func code(of byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// Decodes text; a `%` that starts no code stays as it is.
  package static func decode(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    return String(decoding: bytes(of: text), as: UTF8.self)
  }

  /// The bytes that text stands for; a `%` that starts no code stays as it is.
  static func bytes(of text: some StringProtocol) -> [UInt8] {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// The value of a hexadecimal digit; `nil` when it is none.
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
