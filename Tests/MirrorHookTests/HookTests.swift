import Foundation
import MirrorHook
import MirrorTesting
import Testing

extension Tag {
  @Tag static var endToEnd: Self
}

/// The built program, under the name of a tool, in front of a script that prints what it gets.
@Suite(.tags(.endToEnd), .enabled(if: HookRun.isBuilt)) struct HookTests {
  @Test(arguments: ["wget", "curl"])
  func `without a gateway the tool runs as it was called`(tool: String) throws {
    let run = try HookRun(tool, ["-L", "https://files.example/a"], gateway: nil)
    #expect(run.arguments == ["-L", "https://files.example/a"])
    #expect(run.environment["http_proxy"] == nil)
    #expect(run.errors == "")
    #expect(run.status == 7)
  }

  @Test func `an empty variable is as good as none`() throws {
    let run = try HookRun("wget", ["https://files.example/a"], gateway: "")
    #expect(run.arguments == ["https://files.example/a"])
  }

  @Test func `with a gateway that is gone the tool runs as it was called`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    listener.close()
    let run = try HookRun("wget", ["https://files.example/a"], gateway: proxy(listener))
    #expect(run.arguments == ["https://files.example/a"])
    #expect(run.environment["http_proxy"] == nil)
    #expect(
      run.errors
        == "mirror: the gateway at http://127.0.0.1:\(listener.port) does not answer; "
        + "wget goes on without it\n")
    // What is not redirected does not miss it.
    let other = try HookRun(
      "wget", ["--post-data=x", "https://files.example/a"], gateway: proxy(listener))
    #expect(other.errors == "")
  }

  @Test func `with a gateway that is required and gone the tool does not run`() throws {
    let listener = try LoopbackListener()
    listener.close()
    for (gateway, status) in [(proxy(listener), 21), ("http://gateway:8040", 25)] {
      let run = try HookRun(
        "wget", ["https://files.example/a"], gateway: gateway,
        environment: ["MIRROR_REQUIRED": "yes"])
      #expect(run.status == Int32(status))
      #expect(run.arguments == [])
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(!run.errors.contains("TOKEN"))
    }
  }

  @Test func `a gateway that cannot be read is said`() throws {
    let run = try HookRun("curl", ["https://files.example/a"], gateway: "http://gateway:8040")
    #expect(run.arguments == ["https://files.example/a"])
    #expect(
      run.errors
        == "mirror: the gateway of MIRROR_GATEWAY is no http://ADDRESS:PORT; "
        + "curl goes on without it\n")
  }

  @Test func `with a gateway the URLs and the proxy are redirected`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let run = try HookRun("curl", ["-fsSL", "https://files.example/a"], gateway: proxy(listener))
    #expect(run.arguments == ["-fsSL", "http://files.example.https.mirror.invalid/a"])
    #expect(run.environment["http_proxy"] == proxy(listener))
    #expect(!run.arguments.joined().contains("TOKEN"))
    #expect(run.errors == "")
    #expect(run.status == 7)
  }

  @Test func `a command that is not understood runs as it was called`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let run = try HookRun("curl", ["-d", "x", "https://files.example/a"], gateway: proxy(listener))
    #expect(run.arguments == ["-d", "x", "https://files.example/a"])
    #expect(run.environment["http_proxy"] == nil)
  }

  @Test func `a list of hosts without proxy is lifted only if it names them all`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let all = try HookRun(
      "wget", ["https://files.example/a"], gateway: proxy(listener),
      environment: ["no_proxy": "localhost, *", "NO_PROXY": "files.example"])
    #expect(all.environment["no_proxy"] == nil)
    #expect(all.environment["NO_PROXY"] == "files.example")
  }

  @Test func `a file of URLs is redirected through a descriptor`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let folder = try TemporaryFolder()
    let list = try folder.write("list", "https://files.example/a\nftp://files.example/b\n")
    let run = try HookRun("wget", ["-q", "-i", list], gateway: proxy(listener))
    #expect(run.arguments.count == 3)
    #expect(run.arguments.last?.hasPrefix("/proc/self/fd/") == true)
    #expect(
      run.list == "http://files.example.https.mirror.invalid/a\nftp://files.example/b\n")
  }

  @Test func `a file of URLs without any to redirect is left alone`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let folder = try TemporaryFolder()
    let list = try folder.write("list", "ftp://files.example/b\n")
    let run = try HookRun("wget", ["-i", list], gateway: proxy(listener))
    #expect(run.arguments == ["-i", list])
  }

  @Test func `credentials in netrc leave the command alone unless wget ignores them`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let folder = try TemporaryFolder()
    try folder.write(".netrc", "machine files.example login u password p")
    let home = ["HOME": folder.path]
    let url = "https://files.example/a"
    let asked = try HookRun("wget", [url], gateway: proxy(listener), environment: home)
    #expect(asked.arguments == [url])
    let ignored = try HookRun(
      "wget", ["--no-netrc", url], gateway: proxy(listener), environment: home)
    #expect(ignored.arguments == ["--no-netrc", "http://files.example.https.mirror.invalid/a"])
    let list = try folder.write("list", "https://other.example/b\nhttps://files.example/a\n")
    let listed = try HookRun("wget", ["-i", list], gateway: proxy(listener), environment: home)
    #expect(listed.arguments == ["-i", list])
  }

  @Test func `a setting in curl's file leaves the command alone`() throws {
    let listener = try LoopbackListener()
    defer { listener.close() }
    let folder = try TemporaryFolder()
    try folder.write(".curlrc", "proxy = proxy.example:3128\n")
    let home = ["HOME": folder.path]
    let url = "https://files.example/a"
    #expect(
      try HookRun("curl", [url], gateway: proxy(listener), environment: home).arguments == [url])
    #expect(
      try HookRun("curl", ["-q", url], gateway: proxy(listener), environment: home).arguments
        == ["-q", "http://files.example.https-stay.mirror.invalid/a"])
  }

  @Test func `a tool that is not installed is reported as the shell would`() throws {
    let run = try HookRun("wget", ["https://files.example/a"], gateway: nil, installed: false)
    #expect(run.status == 127)
    #expect(run.errors == "mirror-hook: wget: not found on PATH (other than mirror's own)\n")
  }

  @Test func `a tool that cannot be executed is reported in one line`() throws {
    let run = try HookRun("wget", [], gateway: nil, script: "\u{7f}ELF nonsense")
    #expect(run.status == 126)
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `under its own name it explains itself`() throws {
    let run = try HookRun("mirror-hook", [], gateway: nil)
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("usage: mirror-hook"))
    let version = try HookRun("mirror-hook", ["--version"], gateway: nil)
    #expect(version.status == 0)
    #expect(version.output == "mirror-hook \(Hook.version)\n")
  }

  private func proxy(_ listener: LoopbackListener) -> String {
    "http://mirror:TOKEN@127.0.0.1:\(listener.port)"
  }
}
