import MirrorHook
import MirrorTesting
import Testing

@Suite struct ToolSettingsTests {
  @Test func `harmless settings of curl pass`() {
    let text = """
      # comment
      silent
      --show-error
      -f
      retry = 5
      user-agent: "agent/1 (x)"
      connect-timeout 10
      no-progress-meter
      """
    #expect(CurlConfiguration.settings(in: text) == ToolSettings())
  }

  @Test func `location in a file of curl counts`() {
    #expect(CurlConfiguration.settings(in: "location")?.followsRedirects == true)
    #expect(CurlConfiguration.settings(in: "-L\r\n")?.followsRedirects == true)
    #expect(CurlConfiguration.settings(in: "no-location")?.followsRedirects == false)
  }

  @Test(arguments: [
    "proxy = proxy.example:3128", "-x proxy.example", "header \"A: b\"", "-sS", "verbose", "next",
    "url = https://files.example/a", "/comment",
  ])
  func `another setting of curl is declined`(line: String) {
    #expect(CurlConfiguration.settings(in: "silent\n" + line) == nil)
  }

  @Test(arguments: [
    "passive_ftp = on\n# comment\n\n tries=3", "User-Agent = x",
    "TIMEOUT = 3",
  ])
  func `harmless settings of wget pass`(text: String) {
    #expect(WgetConfiguration.isHarmless(text))
  }

  @Test(arguments: ["http_proxy = proxy.example", "header = A: b", "max_redirect=0", "nonsense"])
  func `another setting of wget is declined`(text: String) {
    #expect(!WgetConfiguration.isHarmless(text))
  }

  @Test func `curl's file is looked for where the manual says`() throws {
    let folder = try TemporaryFolder()
    try folder.write("home/.curlrc", "location")
    let surroundings = folder.surroundings(["HOME": "home"])
    #expect(
      CurlConfiguration.settings(arguments: ["-s"], surroundings: surroundings)?.followsRedirects
        == true)
    #expect(
      CurlConfiguration.settings(arguments: ["-qs"], surroundings: surroundings)
        == ToolSettings())
    #expect(
      CurlConfiguration.settings(arguments: ["-s", "-q"], surroundings: surroundings)?
        .followsRedirects == true)
  }

  @Test func `two files of curl are one too many`() throws {
    let folder = try TemporaryFolder()
    try folder.write("home/.curlrc", "silent")
    try folder.write("xdg/curlrc", "silent")
    let surroundings = folder.surroundings(["HOME": "home", "XDG_CONFIG_HOME": "xdg"])
    #expect(CurlConfiguration.settings(arguments: [], surroundings: surroundings) == nil)
  }

  @Test func `wget's file is the one WGETRC names, or the one at home`() throws {
    let folder = try TemporaryFolder()
    let system = try folder.write("system", "passive_ftp = on")
    try folder.write("home/.wgetrc", "http_proxy = proxy.example")
    try folder.write("other", "tries = 2")
    let home = folder.surroundings(["HOME": "home"], ["SYSTEM_WGETRC": system])
    #expect(WgetConfiguration.settings(surroundings: home) == nil)
    let named = folder.surroundings(
      ["HOME": "home", "WGETRC": "other"], ["SYSTEM_WGETRC": system])
    #expect(WgetConfiguration.settings(surroundings: named) == ToolSettings())
  }

  @Test func `a home comes from the user database if HOME is not set`() throws {
    let text = "root:x:0:0:root:/root:/bin/sh\nbuild:x:1000:1000::/home/build:/bin/sh\n"
    #expect(ToolSurroundings.home(ofUser: 1000, in: text) == "/home/build")
    #expect(ToolSurroundings.home(ofUser: 7, in: text) == nil)
    let surroundings = ToolSurroundings(
      variable: { _ in nil }, registeredHome: { "/home/build" })
    #expect(CurlConfiguration.paths(surroundings) == ["/home/build/.curlrc"])
    #expect(WgetConfiguration.paths(surroundings).last == "/home/build/.wgetrc")
  }

  @Test func `credentials are looked up by host`() {
    let netrc = Netrc("machine files.example\n  login u password p\n")
    #expect(netrc.mentions("Files.example"))
    #expect(!netrc.mentions("other.example"))
    #expect(Netrc("default login u").mentions("other.example"))
  }
}

extension TemporaryFolder {
  /// An environment whose variables name places in this folder, or, the second kind, anything.
  fileprivate func surroundings(
    _ places: [String: String], _ values: [String: String] = [:]
  )
    -> ToolSurroundings
  {
    let path = path
    return ToolSurroundings(
      variable: { name in values[name] ?? places[name].map { path + "/" + $0 } },
      registeredHome: { nil })
  }
}
