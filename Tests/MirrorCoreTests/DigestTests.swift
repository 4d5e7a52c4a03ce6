import MirrorCore
import Testing

@Suite struct DigestTests {
  static let hex = String(repeating: "0123456789abcdef", count: 4)

  @Test(arguments: ["sha256:\(hex)", "sha256=\(hex)", "SHA256:\(hex.uppercased())"])
  func `reads either mark and either case`(text: String) throws {
    let digest = try #require(Digest(text))
    #expect(digest.algorithm == .sha256)
    #expect(digest.hex == Self.hex)
    #expect(digest.description == "sha256:\(Self.hex)")
  }

  @Test(arguments: [
    "", "sha256", "sha256:", hex, "sha256:\(hex)0", "sha256:\(hex.dropLast())",
    "sha1:\(hex)", "crc32:00000000", "sha256:\(hex.dropLast())g", "sha256:\(hex.dropLast())é",
  ])
  func `is nil for what is no digest`(text: String) {
    #expect(Digest(text) == nil)
  }

  @Test(arguments: [
    (Digest.Algorithm.sha256, true), (.sha384, true), (.sha512, true), (.sha1, false),
    (.md5, false),
    (Digest.Algorithm(rawValue: "blake3"), false),
  ])
  func `counts only strong algorithms as pins`(algorithm: Digest.Algorithm, isStrong: Bool) {
    #expect(algorithm.isStrong == isStrong)
  }

  @Test func `is ordered as its text`() throws {
    let texts = [
      "sha256:\(Self.hex)", "sha256:\(String(Self.hex.reversed()))",
      "md5:\(Self.hex.prefix(32))", "sha1:\(Self.hex.prefix(40))",
    ]
    let digests = texts.compactMap { Digest($0) }
    #expect(digests.sorted().map(\.description) == texts.sorted())
  }
}
