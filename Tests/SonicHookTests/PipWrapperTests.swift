import MirrorTesting
import Testing

/// pip behind the wrapper: held to SONiC's list, once.
@Suite(.enabled(if: HookSite.isBuilt)) struct PipWrapperTests {
  private let site: HookSite
  private let listener: LoopbackListener

  init() async throws {
    site = try HookSite()
    listener = try LoopbackListener()
    try await site.install(
      gateway: "http://127.0.0.1:\(listener.port)", resolvers: [FixedResolver()])
    try site.folder.write(
      "buildinfo/versions/versions-py3", "pyyaml==6.0.1\nsonic-py-common==1.0\nsix==1.16.0")
  }

  @Test func `an install is held to the list, from the index of the gateway`() throws {
    let outcome = try site.call("pip3", "install", "flask")
    #expect(outcome.reached == "real")
    #expect(outcome.arguments.prefix(4) == ["install", "flask", "--no-build-isolation", "-c"])
    #expect(
      outcome.lines.filter { $0.hasPrefix("constraint=") }.map { $0.dropFirst(11) } == [
        "pyyaml==6.0.1", "six==1.16.0", "sonic-py-common==1.0",
      ])
    #expect(
      outcome.variable("PIP_INDEX_URL") == "http://127.0.0.1:\(listener.port)/pip/simple/")
  }

  @Test(arguments: [
    "PyYAML==6.0.3", "pyyaml[libyaml]==6.0.3", "wheels/PyYAML-6.0.3-cp311-cp311-linux_x86_64.whl",
  ])
  func `case, extras and a wheel's folder do not matter to what a command pins`(
    requirement: String
  ) throws {
    let outcome = try site.call("pip3", "install", requirement)
    let constraints = outcome.lines.filter { $0.hasPrefix("constraint=") }
    #expect(constraints == ["constraint=six==1.16.0", "constraint=sonic-py-common==1.0"])
  }

  @Test(arguments: [["--python", "python3.13"], ["--python=python3.13"]])
  func `a pip that starts itself again with another Python is held to the list as well`(
    option: [String]
  ) throws {
    let outcome = try site.shell("pip3 \(option.joined(separator: " ")) install flask")
    #expect(outcome.arguments.starts(with: option + ["install", "flask"]))
    #expect(outcome.lines.contains("constraint=six==1.16.0"), "\(outcome.errors)")
  }

  @Test func `a pip that fails is not called again without constraints`() throws {
    let outcome = try site.call("pip3", "install", "flask")
    #expect(outcome.status == 7)
    #expect(outcome.lines.filter { $0.hasPrefix("who=") } == ["who=real"])
  }

  @Test(arguments: ["-c own.txt", "--constraint=own.txt"])
  func `own constraints of the command are the ones that count`(option: String) throws {
    let words = option.split(separator: " ").map { String($0) }
    let outcome =
      words.count == 2
      ? try site.call("pip3", "install", "flask", words[0], words[1])
      : try site.call("pip3", "install", "flask", words[0])
    #expect(outcome.arguments == ["install", "flask"] + words + ["--no-build-isolation"])
  }

  @Test(arguments: [
    (["SKIP_BUILD_HOOK": "y"], "pip3"), (["SKIP_BUILD_HOOK": "Y"], "pip3"), ([:], "pip2"),
  ])
  func `without pinning the index is the gateway's all the same`(
    environment: [String: String], tool: String
  ) throws {
    let outcome = try site.call(tool, "install", "flask", environment: environment)
    #expect(outcome.reached == "real")
    #expect(outcome.arguments == ["install", "flask"])
    #expect(outcome.variable("PIP_INDEX_URL") != nil)
  }

  @Test(arguments: ["freeze", "list", "--version"])
  func `other sub-commands are as they were typed`(word: String) throws {
    #expect(try site.call("pip3", word).arguments == [word])
  }

  @Test func `a pip of Python 2 is held to the other list`() throws {
    try site.folder.write("buildinfo/versions/versions-py2", "six==1.0")
    try site.folder.write(
      "buildinfo/config/buildinfo.config",
      "export SONIC_VERSION_CONTROL_COMPONENTS=all\n. \(site.root)/mirror/enter\n")
    #expect(try site.call("pip2", "install", "x").lines.contains("constraint=six==1.0"))
    #expect(try site.call("pip", "install", "x").lines.contains("constraint=six==1.16.0"))
  }
}
