/// The path at the gateway under which the method asks for a file: the URI and all that apt's indices
/// say of it.
///
/// `apt/get/FACTS`, where FACTS are `key=value` lines. Letters, digits, `.`, `-` and `~` stand for
/// themselves, every other byte is written `_XX`: no version of apt encodes or decodes that again, as
/// they do with `%`. MirrorApt reads it.
package struct AcquireLink: Sendable {
  /// The facts by the keys that the gateway knows, and the fields of `600 URI Acquire` they come from.
  private static let fields = [
    ("sha512", "Expected-SHA512"), ("sha256", "Expected-SHA256"), ("sha1", "Expected-SHA1"),
    ("md5", "Expected-MD5Sum"), ("size", "Expected-Checksum-FileSize"),
    ("type", "Target-Type"), ("root", "Target-Repo-URI"), ("release", "Target-Release"),
    ("component", "Target-Component"), ("architecture", "Target-Architecture"),
  ]

  /// The path, without a leading slash; nil if the message asks for nothing that the gateway carries.
  package static func path(for message: AcquireMessage) -> String? {
    guard let uri = message["URI"], uri.hasPrefix("http://") || uri.hasPrefix("https://") else {
      return nil
    }
    var lines = ["uri=\(uri)"]
    if let name = message["Filename"]?.split(separator: "/").last { lines.append("file=\(name)") }
    for (key, field) in fields {
      if let value = message[field] { lines.append("\(key)=\(value)") }
    }
    return "apt/get/" + escape(lines.joined(separator: "\n"))
  }

  private static func escape(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes += [UInt8(ascii: "_"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
