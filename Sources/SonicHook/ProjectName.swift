/// The name of a Python project.
package enum ProjectName {
  /// The one spelling of a name (PEP 503): lower case, runs of `-`, `_` and `.` become one `-`.
  ///
  /// What stands in brackets or after them, the extras of a requirement, is left out.
  package static func normalise(_ name: some StringProtocol) -> String {
    var result: [UInt8] = []
    var isPending = false
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "["): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): isPending = true
      default:
        if isPending, !result.isEmpty { result.append(UInt8(ascii: "-")) }
        isPending = false
        result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
