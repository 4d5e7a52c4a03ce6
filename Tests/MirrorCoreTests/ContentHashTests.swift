import MirrorCore
import Testing

/// The vectors are those of FIPS 180-4 and RFC 1321.
@Suite struct ContentHashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `computes SHA-256`(text: String, hex: String) {
    #expect(ContentHash.sha256(of: text.utf8).description == "sha256:\(hex)")
  }

  @Test func `computes every other algorithm beside it, SHA-256 first`() {
    var hash = ContentHash(also: [.sha512, .md5, .sha1, .sha384, Digest.Algorithm(rawValue: "crc")])
    Array("abc".utf8).withUnsafeBytes { hash.update($0) }
    #expect(
      hash.digests().map(\.description) == [
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "md5:900150983cd24fb0d6963f7d28e17f72",
        "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
        "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
          + "8086072ba1e7cc2358baeca134c825a7",
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      ])
  }

  @Test(arguments: [1, 3, 55, 56, 64, 1000])
  func `does not depend on how the bytes are cut`(size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    var hash = ContentHash()
    for start in stride(from: 0, to: bytes.count, by: size) {
      Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { hash.update($0) }
    }
    #expect(hash.digest() == ContentHash.sha256(of: bytes))
  }

  @Test func `gives the digest so far and goes on`() {
    var hash = ContentHash()
    Array("a".utf8).withUnsafeBytes { hash.update($0) }
    #expect(hash.digest() == ContentHash.sha256(of: "a".utf8))
    Array("bc".utf8).withUnsafeBytes { hash.update($0) }
    #expect(hash.digest() == ContentHash.sha256(of: "abc".utf8))
  }
}
