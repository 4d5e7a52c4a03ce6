import MirrorCore
import Testing

@Suite struct LocatorTests {
  @Test func `splits a URL into its parts`() throws {
    let locator = try #require(Locator("HTTPS://Files.Example:8443/a//b.tgz?x=1&y=%2B#part"))
    #expect(locator.scheme == "https")
    #expect(locator.host == "files.example")
    #expect(locator.port == 8443)
    #expect(locator.path == "/a//b.tgz")
    #expect(locator.query == "x=1&y=%2B")
    #expect(locator.target == "/a//b.tgz?x=1&y=%2B")
    #expect(locator.endpoint == "https://files.example:8443")
    #expect(locator.lastComponent == "b.tgz")
  }

  @Test(arguments: [
    "", "files.example/a", "/a/b", "://files.example/", "http://", "http:///a", "1http://a/",
    "http://files.example:0/", "http://files.example:65536/", "http://files.example:eighty/",
    "http://files.example/a b", "http://files.example/a\nb",
  ])
  func `is nil for what is no absolute URL`(text: String) {
    #expect(Locator(text) == nil)
  }

  @Test(arguments: [
    ("http://files.example:80/a", "http://files.example/a"),
    ("https://files.example:443/a", "https://files.example/a"),
    ("http://files.example:443/a", "http://files.example:443/a"),
    ("https://files.example:/a", "https://files.example/a"),
    ("http://files.example", "http://files.example/"),
    ("http://files.example?q", "http://files.example/?q"),
    ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
  ])
  func `drops a default port and writes the host in lower case`(text: String, url: String) {
    #expect(Locator(text)?.url == url)
  }

  @Test(arguments: [
    ("http://h.example/", 80), ("https://h.example/", 443), ("http://h.example:81/", 81),
  ])
  func `knows the port that a connection goes to`(text: String, port: Int) {
    #expect(Locator(text)?.effectivePort == port)
  }

  @Test(arguments: [
    "http://h.example/a//b", "http://h.example/a%2Bb", "http://h.example/a+b",
    "http://h.example/a?", "http://h.example/a?q=%2B", "http://h.example/a?q=+",
    "http://h.example/a%2Fb", "http://h.example/a/../b", "http://h.example/a/",
  ])
  func `keeps path and query as they were written`(text: String) throws {
    let locator = try #require(Locator(text))
    #expect(locator.url == text)
    #expect(locator.identity == text)
  }

  @Test(arguments: [
    ("http://h.example/%7Euser/%61b", "http://h.example/~user/ab"),
    ("http://h.example/a%2fb", "http://h.example/a%2Fb"),
    ("http://h.example/a?q=%41%26", "http://h.example/a?q=A%26"),
    ("http://h.example/100%", "http://h.example/100%"),
    ("http://h.example/%zz", "http://h.example/%zz"),
    ("http://h.example/%C3%A9", "http://h.example/%C3%A9"),
  ])
  func `has one identity for one resource`(text: String, identity: String) {
    #expect(Locator(text)?.identity == identity)
  }

  @Test func `never prints user info`() throws {
    let locator = try #require(Locator("https://ann:s3cret@h.example/a"))
    #expect(locator.userInfo?.reveal() == "ann:s3cret")
    for text in [locator.url, locator.identity, "\(locator)", String(reflecting: locator)] {
      #expect(!text.contains("s3cret"))
      #expect(!text.contains("ann"))
    }
    #expect(locator.withoutUserInfo.userInfo == nil)
    #expect(locator.withoutUserInfo.url == locator.url)
  }

  @Test func `takes everything before the last at sign for user info`() throws {
    let locator = try #require(Locator("https://ann@corp.example:p@ss@h.example/a"))
    #expect(locator.host == "h.example")
    #expect(locator.userInfo?.reveal() == "ann@corp.example:p@ss")
  }

  @Test(arguments: [
    ("sv=2022&sig=abc&se=2030", ""),
    ("file=a&sig=abc&sp=r", "?file=a"),
    ("X-Amz-Signature=abc&X-Amz-Date=1&versionId=7", "?versionId=7"),
    ("X-Goog-Signature=abc&generation=3", "?generation=3"),
    ("Policy=p&Signature=s&Key-Pair-Id=k", ""),
    ("access_token=t&ref=main", "?ref=main"),
  ])
  func `leaves a signature out of the identity but not out of the URL`(
    query: String, kept: String
  ) throws {
    let locator = try #require(Locator("https://h.example/a?\(query)"))
    #expect(locator.identity == "https://h.example/a\(kept)")
    #expect(locator.url == "https://h.example/a?\(query)")
  }

  @Test(arguments: ["policy=strict&se=1", "st=a&sp=b", "expires=never", "q=sig"])
  func `keeps words of a signature where nothing is signed`(query: String) {
    #expect(Locator("https://h.example/a?\(query)")?.identity == "https://h.example/a?\(query)")
  }

  /// The examples of RFC 3986, 5.4.1 and 5.4.2, but those whose reference has a fragment alone, another
  /// scheme without an authority, or parameters of the base's own.
  @Test(arguments: [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("g#s", "http://a/b/c/g"), ("g?y#s", "http://a/b/c/g?y"),
    (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("", "http://a/b/c/d;p?q"),
    (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
    ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
    ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
    ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
    (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
    ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
    ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
    ("g;x=1/../y", "http://a/b/c/y"), ("g?y/./x", "http://a/b/c/g?y/./x"),
    ("g?y/../x", "http://a/b/c/g?y/../x"), ("https://other/x", "https://other/x"),
  ])
  func `resolves references as RFC 3986 does`(reference: String, expected: String) throws {
    let base = try #require(Locator("http://a/b/c/d;p?q"))
    #expect(base.resolving(reference)?.url == expected)
  }

  @Test func `takes a URL in a query for part of the query`() throws {
    let base = try #require(Locator("http://a/b"))
    #expect(base.resolving("/login?next=http://c/d")?.url == "http://a/login?next=http://c/d")
  }

  @Test(arguments: [("http://h.example/base", "a/b"), ("http://h.example/base/", "a/b")])
  func `appends below itself`(base: String, relative: String) {
    #expect(Locator(base)?.appending(relative).url == "http://h.example/base/a/b")
  }
}
