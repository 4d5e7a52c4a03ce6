import SonicHook
import Testing

@Suite struct PipCommandTests {
  @Test(
    arguments: [
      ("install six==1.16.0", ["six"]),
      ("install PyYAML==6.0.3 zope.interface==6", ["pyyaml", "zope-interface"]),
      ("install requests[socks,tests]==2.31", ["requests"]),
      ("install ./target/python-wheels/sonic_py_common-1.0-py3-none-any.whl", ["sonic-py-common"]),
      ("install gpg===1.14.0-unknown", ["gpg"]),
      ("install six", []), ("install six>=1", []), ("install .", []),
      ("install git+https://a.example/x.git@v1==2", []),
      ("--timeout 60 install --target lib six==1", ["six"]),
      ("install -d x==1 six==2", ["six"]),
    ] as [(String, [String])])
  func `what the command pins by itself is known in one spelling`(line: String, pinned: [String]) {
    let command = PipCommand(line.split(separator: " ").map { String($0) })
    #expect(command.pinned == Set(pinned))
    #expect(command.subcommand == "install")
  }

  @Test(arguments: [
    ("install", true), ("download", true), ("wheel", true), ("freeze", false), ("--version", false),
    ("--cache-dir install list", false), ("", false),
  ])
  func `constraints have a meaning for some sub-commands`(line: String, takes: Bool) {
    #expect(PipCommand(line.split(separator: " ").map { String($0) }).takesConstraints == takes)
  }

  @Test(arguments: [
    "-c own.txt", "-cown.txt", "--constraint own.txt", "--constraint=own.txt", "-Uc own.txt",
  ])
  func `own constraints are seen in every spelling`(option: String) {
    let words = ["install"] + option.split(separator: " ").map { String($0) } + ["six==1"]
    #expect(PipCommand(words).isConstrained)
    #expect(PipCommand(words).pinned == ["six"])
  }

  @Test(arguments: ["-r req.txt", "-rreq.txt", "--requirement=req.txt", "-Ur req.txt"])
  func `what requirement files pin outweighs the list`(option: String) {
    let words = ["install"] + option.split(separator: " ").map { String($0) }
    let constraints = PipCommand(words).constraints(from: "six==1\nflask==2\n") { path in
      path == "req.txt" ? "# pins\nSix==1.17 ; python_version > '3'\nflask\n" : nil
    }
    #expect(constraints == "flask==2\n")
  }

  @Test func `a name outweighs its own line and no other`() {
    let list = "pyyaml==6.0.1\nzopexinterface==1\nzope.interface==5\ngpg===1.14.0-unknown"
    let constraints = PipCommand(["install", "PyYAML==6.0.3", "zope.interface==6"])
      .constraints(from: list) { _ in nil }
    #expect(constraints == "gpg===1.14.0-unknown\nzopexinterface==1\n")
  }

  @Test(
    arguments: [
      ("install flask PyYAML", ["flask"]), ("install flask==2.0 'six", []),
      ("install zope.interface[x]>=5 ./folder own-1.0.tar.gz x.whl", ["zope-interface"]),
      ("install -e . --prefix /usr flask", ["flask"]), ("install -r wanted.txt", ["jinja2"]),
      ("install git+https://git.example/acme/lib.git", []), ("install -c own.txt flask", []),
      ("install flask flask", ["flask"]),
    ] as [(String, [String])])
  func `projects that neither the command nor the list gives a version are found`(
    line: String, expected: [String]
  ) {
    let command = PipCommand(line.split(separator: " ").map { String($0) })
    let found = command.unpinned(in: "pyyaml==6.0.1\ngpg===1.14.0-unknown\n") { path in
      path == "wanted.txt" ? "# wanted\nPyYAML\n  Jinja2>=3\nsix==1.0\n-r other.txt\n" : nil
    }
    #expect(found == expected)
  }
}
