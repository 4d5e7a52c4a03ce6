import SonicHook
import Testing

@Suite struct ShellSettingsTests {
  @Test(arguments: [
    ("export A=1", "1"), ("A=1", "1"), ("  export A=1  # why", "1"), ("A='one two'", "one two"),
    (#"A="one two""#, "one two"), ("A=", ""), ("A=1; rm -rf /", "1"), ("A=$(touch /x)", "$"),
    ("A=`touch /x`", "`touch"), ("A='$HOME'", "$HOME"), (#"A=a\ b"#, "a b"), ("A=1\nA=2", "2"),
    ("A=http://a.example/x?b=c", "http://a.example/x?b=c"),
  ])
  func `a value is one word of the shell, never expanded`(text: String, value: String) {
    #expect(ShellSettings(text).values == ["A": value])
  }

  @Test(arguments: ["", "# A=1", "if [ -r x ]; then . x; fi", "1A=2", "A B=1", "=1"])
  func `other lines say nothing`(text: String) {
    #expect(ShellSettings(text).values.isEmpty)
  }

  @Test(arguments: [
    ("export PACKAGE_URL_PREFIX=https://p.example/packages", "https://p.example/packages"),
    ("export BUILD_PACKAGES_URL=https://b.example/packages", "https://b.example/packages"),
    (
      "PACKAGE_URL_PREFIX=https://p.example\nBUILD_PACKAGES_URL=https://b.example",
      "https://b.example"
    ),
    ("BUILD_PACKAGES_URL=\nPACKAGE_URL_PREFIX=https://p.example", "https://p.example"),
  ])
  func `both generations of names are read`(text: String, url: String) {
    let file = ShellSettings(text)
    #expect(BuildSettings { file[$0] }.packagesURL == url)
  }

  @Test(
    arguments: [
      ("py3,web", "py3", nil, true), ("py3,web", "py2", nil, false), ("all", "git", nil, true),
      ("none", "deb", nil, false), ("", "deb", nil, false), ("all", "py3", "y", false),
      ("all", "py3", "Y", false), ("all", "py3", "n", true),
    ] as [(String, String, String?, Bool)])
  func `a list holds packages unless the call skips it`(
    components: String, type: String, skip: String?, holds: Bool
  ) {
    let values = ["SONIC_VERSION_CONTROL_COMPONENTS": components, "SKIP_BUILD_HOOK": skip]
    #expect(BuildSettings { values[$0] ?? nil }.controls(type) == holds)
  }
}
