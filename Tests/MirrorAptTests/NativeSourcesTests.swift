import MirrorApt
import MirrorCore
import MirrorTesting
import Testing

/// Sources of images without our binary.
@Suite struct NativeSourcesTests {
  private static let text = """
    # deb http://archive.example/debian old main
    deb [signed-by=/k.gpg] http://archive.example/debian stable main contrib
    deb-src https://private.example/deb/ stable main

    Types: deb
    URIs: http://archive.example/debian-security/ https://archive.example/x
    Suites: stable-security

    """

  private func rewritten(_ place: NativePlace) -> String {
    NativeSources(for: place).rewritten(Self.text)
  }

  private func mirror(_ roots: [(String, String)] = []) throws -> NativePlace {
    .mirror(
      SourceSettings(
        name: "acme", url: try #require(Locator("https://mirror.example/apt")),
        roots: try roots.map { root in
          SourceSettings.Root(upstream: try #require(Locator(root.0)), path: root.1)
        }))
  }

  @Test func `one base stands for every archive`() throws {
    #expect(
      rewritten(try mirror()) == """
        # deb http://archive.example/debian old main
        deb [signed-by=/k.gpg] https://mirror.example/apt stable main contrib
        deb-src https://mirror.example/apt stable main

        Types: deb
        URIs: https://mirror.example/apt https://mirror.example/apt
        Suites: stable-security

        """)
  }

  @Test(arguments: [
    (
      "deb\thttp://archive.example/debian\tstable  main",
      "deb\thttps://mirror.example/apt\tstable  main"
    ),
    ("URIs:http://archive.example/debian", "URIs:https://mirror.example/apt"),
    (
      "uris:\thttp://a.example/x http://b.example/y",
      "uris:\thttps://mirror.example/apt https://mirror.example/apt"
    ),
    (" \thttp://archive.example/debian ", " \thttps://mirror.example/apt "),
    ("Suites:\tstable", "Suites:\tstable"),
  ])
  func `words may be set apart by tabs, and a field's value by nothing`(
    line: String, other: String
  ) throws {
    #expect(NativeSources(for: try mirror()).rewritten(line) == other)
  }

  @Test func `pairs stand for the archives they name`() throws {
    let place = try mirror([
      ("http://archive.example/debian", "debian"),
      ("http://archive.example/debian-security", "security/2026"),
    ])
    #expect(
      rewritten(place) == """
        # deb http://archive.example/debian old main
        deb [signed-by=/k.gpg] https://mirror.example/apt/debian stable main contrib
        deb-src https://private.example/deb/ stable main

        Types: deb
        URIs: https://mirror.example/apt/security/2026 https://archive.example/x
        Suites: stable-security

        """)
  }

  @Test func `a gateway is asked as proxy for http, and by path for https`() throws {
    let place = NativePlace.gateway(try #require(Locator("http://mirror.example:8040")))
    #expect(
      rewritten(place) == """
        # deb http://archive.example/debian old main
        deb [signed-by=/k.gpg] http://archive.example/debian stable main contrib
        deb-src http://mirror.example:8040/apt/https/private.example/deb/ stable main

        Types: deb
        URIs: http://archive.example/debian-security/ http://mirror.example:8040/apt/https/archive.example/x
        Suites: stable-security

        """)
    let proxy = NativeSources(for: place).files().first
    #expect(proxy?.path == "/etc/apt/apt.conf.d/80mirror")
    #expect(
      proxy?.text == """
        Acquire::http::Proxy "http://mirror.example:8040/";
        Acquire::http::Proxy::mirror.example "DIRECT";

        """)
  }

  @Test func `an image's own sources count, in either form, and not this machine's`() throws {
    let image = try TemporaryFolder()
    let folder = "\(image.path)/etc/apt/sources.list.d"
    try Disk.makeFolder(folder)
    try Disk.replace("\(folder)/one.sources", with: "URIs: http://archive.example/x\n".utf8)
    try Disk.replace("\(folder)/two.list", with: "deb http://other.example/y stable main\n".utf8)
    try Disk.replace("\(folder)/three.save", with: "deb http://old.example/ stable main\n".utf8)
    let files = NativeSources(for: try mirror()).files(ofImageAt: image.path)
    #expect(
      files == [
        NativeFile(
          path: "/etc/apt/sources.list.d/one.sources", text: "URIs: https://mirror.example/apt\n"),
        NativeFile(
          path: "/etc/apt/sources.list.d/two.list",
          text: "deb https://mirror.example/apt stable main\n"),
      ])
    withExtendedLifetime(image) {}
  }

  @Test func `an image without sources gets those of this machine`() throws {
    let image = try TemporaryFolder()
    let place = try mirror()
    #expect(
      NativeSources(for: place).files(ofImageAt: image.path) == NativeSources(for: place).files())
    withExtendedLifetime(image) {}
  }
}
