import Foundation
import MirrorCore
import MirrorTesting
import Testing

/// `mirror serve` and `mirror env`: a gateway that stays, and shells that use it.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("curl", "wget", "mkfifo"), "curl, wget or mkfifo is missing: Tests/run"))
struct ServeTests {
  private static let bytes = Array("hello\n".utf8)

  @Test func `serves curl and wget, and ends in good order when it is told to`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          curl -fsS \(server.url)/a
          wget -q -O - \(server.url)/a
          """
        let outcome = try await Served.script("--listen 127.0.0.1:0", script, in: folder)
        #expect(outcome.text == "hello\nhello\nended with 0\n", "\(outcome.errors)")
        #expect(
          outcome.errors.contains("mirror: 1 artifact, 6 B: 1 from origin\n"), "\(outcome.errors)")
        #expect(server.requests.count == 1, "the second was not answered from the store")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/mirror.lock"))
        let note = FileManager.default.fileExists(atPath: "\(folder)/.mirror/gateway")
        #expect(!note, "mirror env would still find it")
      }
    }
  }

  @Test func `listens on an IPv6 address, and says so in URLs`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        echo "$line"
        eval "$(mirror env)"
        echo "$http_proxy" | sed 's/:[^:]*@/:TOKEN@/'
        curl -s -o /dev/null -w '%{http_code}\\n' "${PIP_INDEX_URL%simple/}none"
        """
      let outcome = try await Served.script("--listen '[::1]:0'", script, in: folder)
      let lines = outcome.text.split(separator: "\n")
      try #require(lines.count == 4, "\(outcome.text)\(outcome.errors)")
      #expect(lines[0].wholeMatch(of: /mirror: serving on \[::1\]:[0-9]+/) != nil)
      #expect(lines[1].wholeMatch(of: /http:\/\/mirror:TOKEN@\[::1\]:[0-9]+\//) != nil)
      #expect(lines[2] == "404")
    }
  }

  @Test func `is not waited for long where nobody accepts`() async throws {
    let server = try FullServer()
    try await TemporaryFolder.with { folder in
      try Disk.makeFolder("\(folder)/.mirror")
      try Disk.replace(
        "\(folder)/.mirror/gateway", with: "http://127.0.0.1:\(server.port)/\n".utf8)
      let start = ContinuousClock.now
      let outcome = try await Tool.run([Tool.mirror, "env"], in: folder)
      #expect(outcome.status == 21, "\(outcome.errors)")
      #expect(ContinuousClock.now - start < .seconds(30))
    }
    withExtendedLifetime(server) {}
  }

  @Test func `serves the index by the variables of pip`() async throws {
    try await FaultServer.run { server in
      server.script("/simple/demo/", .html("<a href=\"/demo-1.0.zip\">demo-1.0.zip</a>"))
      server.script("/demo-1.0.zip", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          link=$(curl -fsS "${PIP_INDEX_URL}demo/" | sed -n 's/.*href="\\.\\.\\/\\.\\.\\/\\([^"]*\\)".*/\\1/p')
          curl -fsS "${PIP_INDEX_URL%simple/}$link"
          """
        let outcome = try await Served.script(
          "", script, in: folder,
          environment: [
            "PIP_INDEX_URL": "\(server.url)/simple/", "PIP_CONFIG_FILE": "/dev/null",
          ])
        #expect(outcome.text == "hello\nended with 0\n", "\(outcome.errors)")
      }
    }
  }

  @Test func `serves only who shows its token`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        let status = "-s -o body -w '%{http_code}\\n'"
        let script = """
          curl \(status) http://127.0.0.1:$port/pip/simple/demo/
          curl \(status) --noproxy '' -x http://127.0.0.1:$port \(server.url)/a
          curl \(status) --noproxy '' -x http://mirror:wrong@127.0.0.1:$port \(server.url)/a
          curl \(status) --noproxy '' -x http://mirror:sesame@127.0.0.1:$port \(server.url)/a
          cat body
          """
        try "sesame\nand more\n"
          .write(toFile: "\(folder)/token", atomically: true, encoding: .utf8)
        let outcome = try await Served.script("--token-file token", script, in: folder)
        #expect(
          outcome.text == "401\n407\n407\n200\nhello\nended with 0\n", "\(outcome.errors)")
        #expect(!outcome.errors.contains("sesame"))
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test func `says in JSON and in shell what it changes, the token included`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        echo "$line"
        mirror env --json > env.json
        mirror env > env.sh
        stat -c %a .mirror/gateway
        """
      let outcome = try await Served.script(
        "", script, in: folder, environment: ["ALL_PROXY": "http://proxy.example", "UV_INDEX": "x"])
      let lines = outcome.text.split(separator: "\n")
      try #require(lines.count == 3, "\(outcome.errors)")
      let port = try #require(
        lines[0].wholeMatch(of: /mirror: serving on 127\.0\.0\.1:([0-9]+)/)
      ).1
      #expect(lines[1] == "600", "others may read the token")
      let data = try Data(contentsOf: URL(filePath: "\(folder)/env.json"))
      let changes = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let proxy = try #require(changes["http_proxy"] as? String)
      #expect(proxy.hasPrefix("http://mirror:") && proxy.hasSuffix("@127.0.0.1:\(port)/"))
      #expect(changes["PIP_INDEX_URL"] as? String == "\(proxy)pip/simple/")
      #expect(changes["ALL_PROXY"] is NSNull && changes["UV_INDEX"] is NSNull)
      let wrappers = (changes["PATH"] as? String)?.split(separator: ":").first ?? ""
      #expect(wrappers.hasSuffix("/.mirror/scratch/bin"), "https of wget and curl is not covered")
      #expect(changes["PIP_CACHE_DIR"] == nil)
      let shell = try String(contentsOfFile: "\(folder)/env.sh", encoding: .utf8)
      #expect(shell.contains("export http_proxy='\(proxy)'\n"))
      #expect(shell.contains("unset ALL_PROXY\n"))
    }
  }

  @Test func `names the build arguments for docker, without their values`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        eval "$(mirror env)"
        mirror env --docker
        """
      let outcome = try await Served.script("", script, in: folder)
      let words = outcome.text.split(whereSeparator: \.isNewline).first ?? ""
      let names = words.split(separator: " ").filter { $0 != "--build-arg" }
      for name in ["http_proxy", "PIP_INDEX_URL", "GOPROXY", "GIT_CONFIG_COUNT"] {
        #expect(names.contains(name[...]), "\(outcome.text)\(outcome.errors)")
      }
      #expect(!names.contains("APT_CONFIG") && !words.contains("=") && !words.contains("/"))
    }
  }

  @Test func `tells a machine without its store of a gateway by address and token`() async throws {
    try await FaultServer.run { server in
      server.script("/a", .file(Self.bytes))
      try await TemporaryFolder.with { folder in
        try "sesame\n".write(toFile: "\(folder)/token", atomically: true, encoding: .utf8)
        let script = """
          mirror env --gateway http://127.0.0.1:$port/ --token-file token --store elsewhere > settings
          eval "$(cat settings)"
          curl -fsS \(server.url)/a
          for wrong in http://gateway.example:8040/ http://a:s3cret@127.0.0.1:80/ 127.0.0.1:80; do
            mirror env --gateway $wrong; echo $?
          done
          """
        let outcome = try await Served.script("--token-file token", script, in: folder)
        #expect(outcome.text == "hello\n25\n25\n25\nended with 0\n", "\(outcome.errors)")
        #expect(outcome.errors.contains("1 artifact, 6 B: 1 from origin"), "\(outcome.errors)")
        #expect(outcome.errors.contains("--gateway http://gateway.example:8040/: is not"))
        #expect(!outcome.errors.contains("s3cret"))
      }
    }
  }

  @Test(arguments: ["", "--offline"])
  func `tells apt to let dates pass only beside a frozen gateway`(option: String) async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        eval "$(mirror env)"
        grep -c Check-Valid-Until "$APT_CONFIG"
        """
      let outcome = try await Served.script(option, script, in: folder)
      #expect(outcome.text == "\(option.isEmpty ? 0 : 1)\nended with 0\n", "\(outcome.errors)")
    }
  }

  @Test func `lets no tool of a strict shell go on without the gateway`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        eval "$(mirror env --strict)"
        kill -9 $server; wait $server 2> /dev/null
        curl -fsS http://files.example/a; echo $?
        """
      let outcome = try await Served.script("", script, in: folder)
      #expect(outcome.text.hasPrefix("21\n"), "\(outcome.text)\(outcome.errors)")
      #expect(outcome.errors.contains("curl must not run without it"), "\(outcome.errors)")
    }
  }

  @Test func `a second time changes nothing, whatever the user has set`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url.https://a.example/.insteadOf GIT_CONFIG_VALUE_0=a:
        eval "$(mirror env)"
        env | sort > once
        mirror env > again
        eval "$(cat again)"
        env | sort | cmp - once && cat again && echo "$GIT_CONFIG_COUNT"
        """
      let outcome = try await Served.script("", script, in: folder)
      let lines = outcome.text.split(separator: "\n")
      #expect(lines.count == 2 && lines.last == "ended with 0", "\(outcome.text)\(outcome.errors)")
      #expect(Int(lines.first ?? "").map { $0 > 1 } == true)
    }
  }

  @Test func `takes no settings of the user's own to docker`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader GIT_CONFIG_VALUE_0='A: s3cret'
        export GIT_CONFIG_GLOBAL=/dev/null
        mirror env --docker
        """
      let outcome = try await Served.script("", script, in: folder)
      #expect(outcome.text.contains("--build-arg PIP_INDEX_URL"))
      #expect(!outcome.text.contains("GIT_CONFIG"), "\(outcome.text)")
      #expect(outcome.errors.contains("git is left out: GIT_CONFIG_COUNT"))
    }
  }

  @Test func `does not take the port of another, nor its note`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        mirror serve --listen 127.0.0.1:$port 2> second; echo "second $?"
        mirror env > env.sh; echo "env $?"
        grep -c "@127.0.0.1:$port/" env.sh > /dev/null && echo "still the first"
        """
      let outcome = try await Served.script("", script, in: folder)
      #expect(
        outcome.text == "second 25\nenv 0\nstill the first\nended with 0\n", "\(outcome.errors)")
      let second = try String(contentsOfFile: "\(folder)/second", encoding: .utf8)
      #expect(second.split(separator: "\n").count == 1, "\(second)")
      #expect(second.contains("cannot listen on 127.0.0.1:") && second.contains("--listen"))
    }
  }

  @Test func `is not found any more when it was killed`() async throws {
    try await TemporaryFolder.with { folder in
      let script = """
        kill -9 $server
        wait $server
        mirror env; echo "env $?"
        """
      let outcome = try await Served.script("", script, in: folder)
      #expect(outcome.text.contains("env 21\n"), "\(outcome.errors)")
      #expect(outcome.errors.contains("mirror serve"))
    }
  }

  @Test(arguments: ["INT", "TERM"])
  func `ends by a signal although a transfer is under way`(signal: String) async throws {
    let gate = Gate()
    try await FaultServer.run { server in
      server.script("/slow", .gated(gate, .file(Self.bytes)))
      try await TemporaryFolder.with { folder in
        let script = """
          eval "$(mirror env)"
          curl -sS --noproxy '' -x "$http_proxy" \(server.url)/slow > got 2> /dev/null &
          client=$!
          curl -fsS --noproxy '' \(server.url)/asked
          kill -\(signal) $server
          wait $server
          echo "server $?"
          wait $client
          """
        // The second curl, which goes straight to the server, waits until the first has asked.
        let asked = Gate()
        server.script("/asked", .gated(asked, .status(204)))
        async let outcome = Served.script("", script, in: folder)
        await gate.waitForRequests(1)
        asked.open()
        let text = try await outcome.text
        #expect(text.hasPrefix("server 0\n"), "\(text)")
      }
    }
  }
}

/// A server that accepts nobody, and whose waiting room is full: connecting to it takes minutes.
private final class FullServer {
  let port: Int
  private var descriptors: [Int32] = []

  init() throws {
    let kind = Int32(SOCK_STREAM.rawValue)
    let listener = socket(AF_INET, kind, 0)
    descriptors.append(listener)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    func call(_ body: (UnsafeMutablePointer<sockaddr>) -> Int32) -> Int32 {
      withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
      }
    }
    try #require(call { bind(listener, $0, size) } == 0 && listen(listener, 0) == 0)
    try #require(call { getsockname(listener, $0, &size) } == 0)
    port = Int(UInt16(bigEndian: address.sin_port))
    for _ in 0..<8 {
      let guest = socket(AF_INET, kind | Int32(SOCK_NONBLOCK.rawValue), 0)
      descriptors.append(guest)
      _ = call { connect(guest, $0, size) }
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}
