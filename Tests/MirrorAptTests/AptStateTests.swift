import MirrorApt
import Testing

/// What a recording cannot see of apt.
@Suite struct AptStateTests {
  @Test(arguments: [
    ("Acquire::http::Proxy \"http://proxy.example:3142\";", true),
    ("Acquire::HTTP::proxy::archive.example \"http://proxy.example:3142\";", true),
    ("Acquire { http { Proxy \"http://proxy.example:3142\"; } }", true),
    ("Acquire {\n  http {\n    Proxy \"socks5h://proxy.example\";\n  };\n};", true),
    ("Acquire::http::Proxy::archive.example \"DIRECT\";", false),
    ("Acquire::http::Proxy \"false\";", false),
    ("Acquire::http::Proxy-Auto-Detect \"/usr/bin/detect\";", false),
    ("// Acquire::http::Proxy \"http://proxy.example:3142\";", false),
    ("# Acquire::http::Proxy \"http://proxy.example:3142\";", false), ("", false),
  ])
  func `a proxy in apt's configuration is seen`(text: String, names: Bool) {
    #expect(AptState.namesProxy(text) == names)
  }
}
