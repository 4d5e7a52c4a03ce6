import MirrorCore

/// The `InRelease` of an archive's suite, as `versions-mirror` names it.
///
/// Upstream lists `HOST_PATH_dists_SUITE` with the file's `Date`, as apt names its own copy, and for a dated
/// archive (`…/debian/20260814T000752Z/…`) also `debian` with that time.
struct SuiteRelease {
  private let name: String
  private var snapshot: (archive: String, time: String)?

  /// Reads a URL; `nil` when it is not that of an `InRelease` below `dists`.
  init?(_ identity: String) {
    guard let url = Locator(identity) else { return nil }
    var words = url.path.split(separator: "/").map { PercentEncoding.decode($0) }
    guard words.popLast() == "InRelease", let mark = words.lastIndex(of: "dists"),
      mark + 1 < words.endIndex
    else { return nil }
    name = ([url.host] + words).joined(separator: "_")
    for index in words.indices.dropFirst() where Self.isTime(words[index]) {
      snapshot = (words[index - 1], words[index])
    }
  }

  /// The lines for it; `nil` when the file has no date.
  ///
  /// - Throws: `misconfigured` when it cannot be read.
  func versions(
    _ file: OpenFile, size: Int
  ) throws(MirrorError) -> [(name: String, version: String)]? {
    let text = String(decoding: try file.read(at: 0, count: size), as: UTF8.self)
    let field = text.split(separator: "\n").first { $0.hasPrefix("Date:") }
    guard let time = field.flatMap({ Self.time($0.dropFirst(5)) }) else { return nil }
    return [(name, time)] + (snapshot.map { [($0.archive, $0.time)] } ?? [])
  }

  /// `Sat, 11 Jul 2026 10:16:37 UTC` (RFC 5322, section 3.3) as `2026-07-11T10:16:37Z`.
  private static func time(_ field: Substring) -> String? {
    let words = field.split(separator: " ")
    guard words.count == 6, ["UTC", "GMT", "Z", "+0000"].contains(words[5]),
      let month = months.firstIndex(of: words[2]), words[1].utf8.count <= 2
    else { return nil }
    func twoDigits(_ text: some StringProtocol) -> String {
      String(repeating: "0", count: max(0, 2 - text.utf8.count)) + text
    }
    return "\(words[3])-\(twoDigits("\(month + 1)"))-\(twoDigits(words[1]))T\(words[4])Z"
  }

  /// `YYYYMMDDTHHMMSSZ`.
  private static func isTime(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    return bytes.count == 16 && bytes[8] == UInt8(ascii: "T") && bytes[15] == UInt8(ascii: "Z")
      && (bytes[..<8] + bytes[9..<15]).allSatisfy { (0x30...0x39).contains($0) }
  }

  private static let months: [Substring] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
