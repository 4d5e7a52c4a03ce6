import MirrorHook
import Testing

@Suite struct ProtocolListTests {
  @Test(arguments: [
    ("=https", false, true, "=https,http"),
    ("-all,https", false, true, "-all,https,http"),
    ("=HTTPS", false, true, "=HTTPS,http"),
    ("https,-http", false, true, "https,-http,http"),
    ("=https,http", true, true, "=https,http"),
    ("=http", true, false, "=http"),
    ("-ftp", true, true, "-ftp"),
    ("-all,+all,-https", true, false, "-all,+all,-https"),
    ("=ftp,=https", false, true, "=ftp,=https,http"),
  ])
  func `a list is evaluated from left to right`(
    text: String, http: Bool, https: Bool, widened: String
  ) {
    let list = ProtocolList(text)
    #expect(list.permits(scheme: "http") == http)
    #expect(list.permits(scheme: "https") == https)
    #expect(list.permitsBoth == (http && https))
    #expect(list.permittingHTTP == widened)
  }

  @Test(arguments: ["%{http_code}", "done\\n", "", "%{size_download} of 100%%"])
  func `a harmless format of write-out passes`(text: String) {
    #expect(WriteOutFormat(text).isHarmless)
  }

  @Test(arguments: ["%{url}", "%{json}", "%header{date}", "%{http_code", "50%", "@file", "%{}"])
  func `a format that may show the redirection does not`(text: String) {
    #expect(!WriteOutFormat(text).isHarmless)
  }
}
