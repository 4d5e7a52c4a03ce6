import Foundation
import MirrorCore
import MirrorTesting
import Testing

/// The built wrapper behind hooks in the shape of SONiC's own, in front of tools that print what they get.
@Suite(.enabled(if: HookSite.isBuilt)) struct WrapperTests {
  private let site: HookSite
  private let listener: LoopbackListener
  private var gateway: String { "http://127.0.0.1:\(listener.port)" }

  init() throws {
    site = try HookSite()
    listener = try LoopbackListener()
  }

  // MARK: Nothing changes

  @Test(arguments: HookSite.tools.filter { $0 != "go" })
  func `without a seat SONiC's hook runs as it always did`(tool: String) throws {
    let outcome = try site.call(tool, "install", "a b")
    #expect(outcome.reached == "hook")
    #expect(outcome.arguments == ["install", "a b"])
    #expect(outcome.errors == "")
  }

  @Test(arguments: HookSite.tools.filter { $0 != "go" && $0 != "dpkg" })
  func `a seat that names no gateway leaves everything to SONiC's hook`(tool: String) async throws {
    try await site.install(gateway: nil)
    let outcome = try site.call(tool, "install", "a b")
    #expect(outcome.reached == "hook")
    #expect(outcome.arguments == ["install", "a b"])
    #expect(outcome.errors == "")
  }

  @Test(arguments: HookSite.tools.filter { $0 != "go" })
  func `on a machine without our program SONiC's hook runs, in silence`(tool: String) async throws {
    try await site.install(gateway: gateway, programs: [])
    let outcome = try site.call(tool, "x")
    #expect(outcome.reached == "hook")
    #expect(outcome.errors == "")
  }

  @Test func `a program for another machine is as good as none`() async throws {
    try await site.install(gateway: gateway, programs: [])
    let machine = try site.call("curl", "x").output.isEmpty ? "" : Self.machine()
    try site.folder.write(
      "buildinfo/mirror/bin/\(machine)/sonic-hook", "\u{7f}ELF nonsense", executable: true)
    let outcome = try site.call("wget", "https://files.example/a")
    #expect(outcome.reached == "hook")
    #expect(outcome.arguments == ["https://files.example/a"])
  }

  @Test(arguments: [
    ["wget", "--header", "Referer: http://other.example/", "https://files.example/a"],
    ["wget", "--post-data=x", "https://files.example/a"],
    ["curl", "-H", "Referer: http://other.example/", "https://files.example/a"],
    ["curl", "-I", "https://files.example/a"], ["curl", "-d", "x", "https://files.example/a"],
    ["curl", "--cacert", "own.pem", "https://files.example/a"],
  ])
  func `a download that is not for a mirror is the tool's own, arguments untouched`(
    words: [String]
  ) async throws {
    try await site.install(gateway: gateway)
    let outcome = try site.shell(words.map { "'\($0)'" }.joined(separator: " "))
    // SONiC's hook would take the header for a URL, and fetch the file twice, once without TLS.
    #expect(outcome.reached == "real")
    #expect(outcome.arguments == Array(words.dropFirst()))
    #expect(outcome.variable("http_proxy") == nil)
    listener.close()
    #expect(try site.shell(words.map { "'\($0)'" }.joined(separator: " ")).reached == "hook")
  }

  @Test(arguments: [
    "wget --input-file=list", "wget -ilist", "wget -qilist", "wget -q -i list",
  ])
  func `a list of URLs goes to the gateway in every spelling`(line: String) async throws {
    try await site.install(gateway: gateway)
    try site.folder.write("list", "https://files.example/a\n")
    let outcome = try site.shell("cd '\(site.folder.path)' && \(line)")
    #expect(outcome.reached == "real")
    #expect(outcome.arguments.last?.hasSuffix("list") == false)
    #expect(outcome.variable("http_proxy") == gateway)
  }

  @Test(arguments: ["wget -i list", "curl -Kfile"])
  func `what a file says is asked of nobody else while the gateway is away`(
    line: String
  ) async throws {
    try await site.install(gateway: gateway, isRequired: true)
    try site.folder.write("list", "https://user:word@files.example/a\n")
    let here = "cd '\(site.folder.path)' && \(line)"
    #expect(try site.shell(here).reached == "real")
    listener.close()
    #expect(try site.shell(here).status == 21)
  }

  @Test(arguments: ["wget", "curl"])
  func `a command that fetches nothing is the tool's own`(tool: String) async throws {
    try await site.install(gateway: gateway)
    let outcome = try site.call(tool, "--version")
    #expect(outcome.reached == "real")
    #expect(outcome.arguments == ["--version"])
  }

  // MARK: The mirror is asked

  @Test(arguments: [nil, "y", "Y"] as [String?])
  func `URLs go to the gateway, pinning skipped or not`(skip: String?) async throws {
    try await site.install(gateway: gateway)
    let environment = skip.map { ["SKIP_BUILD_HOOK": $0] } ?? [:]
    let outcome = try site.call(
      "wget", "-O", "f", "https://files.example/a", environment: environment)
    #expect(outcome.reached == "real")
    #expect(outcome.status == 7)
    #expect(outcome.arguments == ["-O", "f", "http://files.example.https.mirror.invalid/a"])
    let authority = gateway.dropFirst("http://".count)
    #expect(
      outcome.variable("http_proxy")
        == (skip == nil ? gateway : "http://mirror+unpinned:-@\(authority)"))
  }

  @Test func `a file is asked for once, and with TLS left to the gateway`() async throws {
    try await site.install(gateway: gateway)
    let outcome = try site.call("curl", "-fsSL", "-o", "f", "https://packages.example/a")
    // One real tool, called once, on the URL that SONiC's hook would have exempted or fetched twice.
    #expect(outcome.lines.filter { $0.hasPrefix("who=") } == ["who=real"])
    #expect(!outcome.arguments.contains { $0.hasPrefix("-") && $0.contains("k") })
    #expect(outcome.arguments.last == "http://packages.example.https.mirror.invalid/a")
  }

  @Test func `URLs of the package server's own host are not exempt`() async throws {
    try await site.install(gateway: gateway)
    let outcome = try site.call(
      "wget", "https://packages.example/other/x.deb",
      environment: ["BUILD_PACKAGES_URL": "https://packages.example/packages"])
    #expect(outcome.reached == "real")
    #expect(outcome.arguments == ["http://packages.example.https.mirror.invalid/other/x.deb"])
  }

  @Test func `a nested tool is not the one a hook around it exported`() async throws {
    try await site.install(gateway: gateway)
    let nested = try site.call(
      "wget", "https://files.example/a", environment: ["REAL_COMMAND": "/usr/bin/pip3"])
    #expect(nested.reached == "real")
    #expect(nested.variable("REAL_COMMAND") == nil)
    listener.close()
    let alone = try site.call(
      "wget", "https://files.example/a", environment: ["REAL_COMMAND": "/usr/bin/pip3"])
    #expect(alone.reached == "hook")
    #expect(alone.value("command") == "wget")
  }

  @Test func `nothing of ours is left in a tool's environment but the gateway`() async throws {
    try await site.install(gateway: gateway)
    for tool in ["git", "apt-get", "pip3", "wget"] {
      let outcome = try site.call(tool, "https://files.example/a")
      #expect(outcome.reached == "real", "\(tool)")
      let ours = outcome.lines.filter { $0.hasPrefix("variable=MIRROR_") }
      #expect(ours.map { $0.split(separator: "=")[1] } == ["MIRROR_GATEWAY"], "\(tool)")
    }
  }

  @Test func `a token comes in by the environment and outweighs the seat's gateway`() async throws {
    try await site.install(gateway: "http://127.0.0.1:9", resolvers: [FixedResolver()])
    let withToken = "http://mirror:TOKEN@127.0.0.1:\(listener.port)/"
    let outcome = try site.call("go", "build", environment: ["MIRROR_GATEWAY": withToken])
    #expect(outcome.reached == "real")
    #expect(outcome.variable("GOPROXY") == "http://mirror:TOKEN@127.0.0.1:\(listener.port)/go")
  }

  @Test func `go has a hook of ours, and without a gateway it is found as it is`() async throws {
    try await site.install(gateway: gateway, resolvers: [FixedResolver()])
    #expect(try site.call("go", "build").variable("GOPROXY") == "\(gateway)/go")
    listener.close()
    let alone = try site.call("go", "build")
    #expect(alone.reached == "real")
    #expect(alone.variable("GOPROXY") == nil)
    try await site.install(gateway: gateway, programs: [])
    try FileManager.default.removeItem(atPath: "\(site.root)/mirror/bin")
    #expect(try site.call("go", "build", "x y").arguments == ["build", "x y"])
  }

  // MARK: Lists

  @Test(arguments: ["apt", "apt-get", "pip3"])
  func `what a list does not have is said, and stops a strict build`(tool: String) async throws {
    try await site.install(gateway: gateway)
    try site.folder.write(
      "buildinfo/config/buildinfo.config",
      "export SONIC_VERSION_CONTROL_COMPONENTS=deb,py3\n. \(site.root)/mirror/enter\n")
    let type = tool == "pip3" ? "py3" : "deb"
    try site.folder.write("buildinfo/versions/versions-\(type)", "curl==7.88.1\nwget==1.21")
    let loose = try site.call(tool, "install", "curl", "git", "wget")
    #expect(loose.reached == "real")
    #expect(loose.errors == "mirror: \(tool): versions-\(type) has no version of git\n")
    #expect(try site.call(tool, "install", "curl", "wget").errors == "")

    try await site.install(gateway: gateway, isStrict: true)
    let strict = try site.call(tool, "install", "curl", "git", "wget")
    #expect(strict.status == 20 && strict.reached == nil)
    #expect(
      strict.errors
        == "mirror: \(tool): versions-\(type) has no version of git, and the build is strict; "
        + "list it, or say its version in the command\n")
    #expect(try site.call(tool, "install", "curl", "wget").reached == "real")
    let pinned = tool == "pip3" ? "git==1.0" : "git=1.0"
    #expect(try site.call(tool, "install", pinned).reached == "real")
    let skipping = ["SKIP_BUILD_HOOK": "y"]
    #expect(try site.call(tool, "install", "git", environment: skipping).errors == "")
    try FileManager.default.removeItem(atPath: "\(site.root)/versions/versions-\(type)")
    #expect(try site.call(tool, "install", "curl").status == 20)
  }

  @Test func `lists that are not controlled say nothing`() async throws {
    try await site.install(gateway: gateway, isStrict: true)
    let outcome = try site.call("apt-get", "install", "git")
    #expect(outcome.reached == "real" && outcome.errors == "")
  }

  @Test(arguments: ["apt-get", "pip3"])
  func `a command that is no text is not held to a list, which is said`(
    tool: String
  ) async throws {
    try await site.install(gateway: gateway)
    try site.folder.write(
      "buildinfo/config/buildinfo.config",
      "export SONIC_VERSION_CONTROL_COMPONENTS=all\n. \(site.root)/mirror/enter\n")
    let type = tool == "pip3" ? "py3" : "deb"
    try site.folder.write("buildinfo/versions/versions-\(type)", "six==1.16.0")
    let line = "\(tool) install $'./caf\\xe9' six"
    let loose = try site.shell(line)
    #expect(loose.reached == "real")
    #expect(loose.errors.contains("versions-\(type) does not count for it"), "\(loose.errors)")
    #expect(loose.errors.split(separator: "\n").count == 1)
    try await site.install(gateway: gateway, isStrict: true)
    let strict = try site.shell(line)
    #expect(strict.status == 20 && strict.reached == nil)
    #expect(try site.shell(line, environment: ["SKIP_BUILD_HOOK": "y"]).reached == "real")
  }

  // MARK: The mirror is away

  @Test func `a gateway that does not answer is said, and SONiC's hook goes on`() async throws {
    try await site.install(gateway: gateway)
    listener.close()
    let outcome = try site.call("pip3", "install", "six")
    #expect(outcome.reached == "hook")
    #expect(
      outcome.errors
        == "mirror: the gateway at \(gateway) does not answer; pip3 goes on without it\n")
  }

  @Test func `a gateway that is required and does not answer stops the tool`() async throws {
    try await site.install(gateway: gateway, isRequired: true)
    listener.close()
    let outcome = try site.call("pip3", "install", "six")
    #expect(outcome.status == 21)
    #expect(outcome.reached == nil)
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a token is not printed`() async throws {
    try await site.install(gateway: nil, isRequired: true)
    listener.close()
    let outcome = try site.call(
      "git", "clone", "x",
      environment: ["MIRROR_GATEWAY": "http://mirror:TOKEN@127.0.0.1:\(listener.port)"])
    #expect(outcome.status == 21)
    #expect(!outcome.errors.contains("TOKEN"))
  }

  @Test func `a gateway that is required has to be named`() async throws {
    try await site.install(gateway: nil, isRequired: true)
    let unnamed = try site.call("pip3", "install", "six")
    #expect(unnamed.status == 21 && unnamed.reached == nil)
    #expect(
      unnamed.errors
        == "mirror: neither MIRROR_GATEWAY nor \(site.root)/mirror/seat names a gateway, "
        + "and pip3 must not run without it\n")
    let odd = ["MIRROR_GATEWAY": "http://gateway:8040"]
    let unreadable = try site.call("pip3", "install", "six", environment: odd)
    #expect(unreadable.status == 25 && unreadable.reached == nil)
    #expect(
      unreadable.errors
        == "mirror: the gateway of MIRROR_GATEWAY is no http://ADDRESS:PORT, "
        + "and pip3 must not run without it\n")
    try await site.install(gateway: nil)
    let optional = try site.call("pip3", "install", "six", environment: odd)
    #expect(optional.reached == "hook")
    #expect(
      optional.errors
        == "mirror: the gateway of MIRROR_GATEWAY is no http://ADDRESS:PORT; "
        + "pip3 goes on without it\n")
  }

  @Test func `apt's method is told that the gateway is required`() async throws {
    try await site.install(gateway: gateway)
    #expect(try site.call("apt-get", "update").variable("MIRROR_REQUIRED") == nil)
    try await site.install(gateway: gateway, isRequired: true)
    #expect(try site.call("apt-get", "update").variable("MIRROR_REQUIRED") == "yes")
  }

  @Test(arguments: [
    "git status", "pip3 freeze", "go version", "apt-get clean", "wget --version", "curl -V",
    "dpkg --version",
  ])
  func `what fetches nothing needs no gateway`(line: String) async throws {
    try await site.install(gateway: gateway, isRequired: true)
    listener.close()
    let outcome = try site.shell(line)
    #expect(outcome.reached == "real")
    #expect(outcome.errors == "")
  }

  // MARK: dpkg's lock

  @Test func `dpkg does not wait for the lock that its front end has for it`() async throws {
    try await site.install(gateway: gateway)
    let lock = try site.folder.write("admin/lock-frontend", "")
    let holder = try HeldLock(lock)
    defer { holder.release() }
    let outcome = try site.call(
      "dpkg", "-i", "x.deb",
      environment: [
        "DPKG_ADMINDIR": "\(site.folder.path)/admin", "DPKG_FRONTEND_LOCKED": "true",
      ])
    #expect(outcome.reached == "real")
    #expect(outcome.errors == "")
  }

  // MARK: Finding itself

  @Test(arguments: ["pip2", "wget", "go"])
  func `a tool that is not installed ends, where a hook would find itself for ever`(
    tool: String
  ) async throws {
    let site = try HookSite(installed: [])
    for gateway in [nil, gateway] {
      try await site.install(gateway: gateway)
      let outcome = try site.call(tool, "x", environment: ["PATH": "\(site.folder.path)/sbin"])
      #expect(outcome.status == 127)
      #expect(outcome.reached == nil)
      #expect(outcome.errors == "\(tool): not found on PATH (other than the build's own hooks)\n")
    }
  }

  private static func machine() throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "printf %s \"$HOSTTYPE\""]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
}

/// An ecosystem with one variable.
struct FixedResolver: Resolver {
  let ecosystem = Ecosystem(rawValue: "fixed")

  func redirection(
    to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
  ) -> Redirection {
    Redirection(
      environment: ["GOPROXY": gateway.url("go"), "PIP_INDEX_URL": gateway.url("pip/simple/")],
      files: ["\(scratch)/fixed.conf": "text"])
  }

  func answer(to query: Query, frozen: Lockfile?) -> Answer? { nil }
  func request(naming name: String) -> Request? { nil }
  func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
    Nowhere()
  }

  private struct Nowhere: Mirror {
    let name = "nowhere"
    func endpoint(for request: Request) -> String? { nil }
    func fetch(
      _ request: Request, to sink: any ByteSink
    ) async throws(MirrorError) -> Finding { .nothing(nil) }
  }
}
