import MirrorHook
import Testing

@Suite struct URLRedirectionTests {
  @Test func `a URL that points at the gateway stays`() throws {
    let gateway = try #require(GatewayAddress("http://mirror:word@127.0.0.1:4000"))
    let redirection = URLRedirection(followsRedirects: true, gateway: gateway)
    #expect(redirection.redirect("http://127.0.0.1:4000/pip/simple/") == .left)
    #expect(redirection.redirect("http://localhost:4000/") == .left)
    #expect(
      redirection.redirect("http://127.0.0.1:4001/a")
        == .redirected(
          "http://127.0.0.1.http.mirror.invalid:4001/a", scheme: "http", host: "127.0.0.1"))
  }

  @Test(arguments: [
    "https://files.example\\a", "https:// files.example/", " https://files.example/",
    "https://files%2eexample/", "https://.example/", "https://a..example/",
    "https://files.example:0/", "https://files.example:+80/", "https://files.example:99999/",
  ])
  func `an odd host or port is declined`(url: String) {
    #expect(URLRedirection(followsRedirects: true).redirect(url) == .declined)
  }

  @Test func `a host that would grow too long is declined`() {
    let host = Array(repeating: "abcdefghi", count: 23).joined(separator: ".")
    #expect(URLRedirection(followsRedirects: true).redirect("https://\(host)/") == .declined)
  }

  @Test func `a list of URLs keeps its order and other schemes`() throws {
    let list = try #require(
      InputList(
        "https://files.example/a\r\n\n  ftp://files.example/b  \nfiles.example/c",
        by: URLRedirection(followsRedirects: true)))
    #expect(
      list.text == """
        http://files.example.https.mirror.invalid/a
        ftp://files.example/b
        http://files.example.http.mirror.invalid/c

        """)
    #expect(list.hosts == ["files.example", "files.example"])
  }

  @Test func `a list with a URL that stands in the way is declined`() {
    let redirection = URLRedirection(followsRedirects: true)
    #expect(InputList("https://files.example/a\nhttps://u:p@b.example/", by: redirection) == nil)
    #expect(InputList(path: "-", by: redirection) == nil)
    #expect(InputList(path: "https://files.example/list", by: redirection) == nil)
    #expect(InputList(path: "/nonexistent/list", by: redirection) == nil)
  }
}
