import MirrorCore
import Testing

@Suite struct ProxySettingsTests {
  private static let table: [([String: String], String, String?)] = [
    (["http_proxy": "http://proxy.example:3128"], "http://h.example/", "http://proxy.example:3128"),
    (["http_proxy": "http://proxy.example:3128"], "https://h.example/", nil),
    (
      ["https_proxy": "http://proxy.example:3128"], "https://h.example/",
      "http://proxy.example:3128"
    ),
    (
      ["HTTPS_PROXY": "http://proxy.example:3128"], "https://h.example/",
      "http://proxy.example:3128"
    ),
    (["HTTP_PROXY": "http://proxy.example:3128"], "http://h.example/", nil),
    (["all_proxy": "http://proxy.example:3128"], "http://h.example/", "http://proxy.example:3128"),
    (["ALL_PROXY": "http://proxy.example:3128"], "https://h.example/", "http://proxy.example:3128"),
    (["http_proxy": "proxy.example:3128"], "http://h.example/", "http://proxy.example:3128"),
    (["http_proxy": "", "all_proxy": "http://p.example"], "http://h.example/", nil),
    ([:], "http://h.example/", nil),
  ]

  @Test(arguments: table)
  func `reads the variables as curl does`(
    environment: [String: String], url: String, proxy: String?
  ) throws {
    let locator = try #require(Locator(url))
    #expect(ProxySettings(environment: environment).proxy(for: locator)?.endpoint == proxy)
  }

  @Test(arguments: [
    ("h.example", "http://h.example/", true), ("h.example", "http://sub.h.example/", true),
    ("h.example", "http://notsub-h.example/", false), (".h.example", "http://sub.h.example/", true),
    ("*", "http://h.example/", true), ("other.example,h.example", "http://h.example/", true),
    ("other.example h.example", "http://h.example/", true),
    ("H.Example", "http://h.example/", true),
    ("h.example:8080", "http://h.example:8080/", true),
    ("h.example:8080", "http://h.example/", false),
    ("127.0.0.1", "http://127.0.0.1:9/", true), ("", "http://h.example/", false),
  ])
  func `goes around the proxy where no_proxy says so`(
    exceptions: String, url: String, isDirect: Bool
  ) throws {
    let locator = try #require(Locator(url))
    for name in ["no_proxy", "NO_PROXY"] {
      let settings = ProxySettings(
        environment: ["http_proxy": "http://proxy.example", name: exceptions])
      #expect((settings.proxy(for: locator) == nil) == isDirect)
    }
  }

  @Test func `keeps the proxy's login`() throws {
    let settings = ProxySettings(environment: ["https_proxy": "http://ann:pw@proxy.example:1"])
    let proxy = settings.proxy(for: try #require(Locator("https://h.example/")))
    #expect(proxy?.userInfo?.reveal() == "ann:pw")
  }
}
