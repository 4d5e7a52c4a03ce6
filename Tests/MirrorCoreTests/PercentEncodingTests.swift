import MirrorCore
import Testing

@Suite struct PercentEncodingTests {
  @Test(arguments: [
    ("az-AZ.09_~", "az-AZ.09_~"), ("a:b", "a:b"), ("a b", "a%20b"), ("a/b", "a%2Fb"),
    ("100%", "100%25"), ("é", "%C3%A9"), ("\n", "%0A"), ("", ""),
  ])
  func `encodes everything but unreserved characters and the colon`(text: String, encoded: String) {
    #expect(PercentEncoding.encode(text) == encoded)
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test func `keeps what it is allowed to keep`() {
    #expect(PercentEncoding.encode("a/b?c d", allowing: "/?") == "a/b?c%20d")
  }

  @Test(arguments: [
    ("%", "%"), ("%2", "%2"), ("%zz", "%zz"), ("a%2bb", "a+b"), ("+", "+"), ("%25%32", "%2"),
  ])
  func `decodes codes of either case and leaves the rest`(text: String, decoded: String) {
    #expect(PercentEncoding.decode(text) == decoded)
  }
}
