import MirrorCore
import MirrorPip
import MirrorTesting
import Synchronization
import Testing

/// The indexes that the user's pip would ask, and what is said to the tools instead.
@Suite struct PipConfigurationTests {
  /// A machine on which some tools answer, and which remembers what they were asked.
  private final class Machine: Sendable {
    private let answers: [[String]: String]
    private let log = Mutex<[[String]]>([])

    init(_ answers: [[String]: String]) { self.answers = answers }

    var asked: [[String]] { log.withLock { $0 } }

    func surroundings(_ environment: [String: String]) -> Surroundings {
      let programs = FakePrograms { program in
        self.log.withLock { $0.append(program.words) }
        return self.answers[program.words].map { .printing($0) }
      }
      return Surroundings(environment: environment, programs: programs)
    }
  }

  /// The pages that are asked for, each of which is a 404, so that all indexes are asked.
  private func pages(in surroundings: Surroundings) async throws -> [String] {
    let transport = FakeTransport()
    let origin = PipResolver().origin(over: transport, in: surroundings)
    let query = Query(.path("simple/demo/"), accept: nil)
    guard case .page(let request, _) = PipResolver().answer(to: query, frozen: nil) else {
      throw Unanswered()
    }
    _ = try await origin.fetch(request, to: MemorySink())
    return transport.retrievals.map(\.locator.url)
  }

  /// The same with a `pip.conf` and an environment.
  private func pages(
    configuration: String, environment: [String: String] = [:]
  ) async throws -> [String] {
    try await TemporaryFolder.with { folder in
      let path = "\(folder)/pip.conf"
      try Disk.replace(path, with: configuration.utf8)
      var environment = environment
      environment["PIP_CONFIG_FILE"] = path
      environment["HOME"] = folder
      return try await pages(in: Surroundings(environment: environment))
    }
  }

  // MARK: pip.conf

  @Test(arguments: [
    "[global]\nindex-url = https://file.example/simple\n",
    "[global]\nindex-url: https://file.example/simple/\n",
    "[global]\nindex_url=https://file.example/simple\n",
    "[global]\nINDEX-URL = https://file.example/simple\n",
    "# mine\n\n[global]\n; another\ntimeout = 60\nindex-url = https://file.example/simple\n",
    "[install]\nindex-url = https://file.example/simple\n",
    "[global]\nindex-url = https://global.example/\n[install]\nindex-url = https://file.example/simple\n",
    "[install]\nindex-url = https://file.example/simple\n[global]\nindex-url = https://global.example/\n",
    "# mine\r\n[global]\r\nindex-url = https://file.example/simple \r\n",
    "[list]\nindex-url = https://list.example/\n[global]\nindex-url = https://file.example/simple\n",
  ])
  func `come from the file in all of its spellings`(configuration: String) async throws {
    #expect(
      try await pages(configuration: configuration) == ["https://file.example/simple/demo/"])
  }

  @Test func `include further ones on lines of their own`() async throws {
    let configuration = """
      [global]
      index-url = https://file.example/simple
      extra-index-url =
          https://one.example/simple/

          # not this one: https://none.example/
          https://two.example:8443/simple https://three.example/
      timeout = 10
      """
    #expect(
      try await pages(configuration: configuration) == [
        "https://file.example/simple/demo/", "https://one.example/simple/demo/",
        "https://two.example:8443/simple/demo/", "https://three.example/demo/",
      ])
  }

  @Test func `come from the environment before the file`() async throws {
    let configuration = """
      [global]
      index-url = https://file.example/simple
      extra-index-url = https://extra.example/simple
      """
    #expect(
      try await pages(
        configuration: configuration,
        environment: [
          "PIP_INDEX_URL": "https://variable.example/simple",
          "PIP_EXTRA_INDEX_URL": "https://other.example/simple",
        ]) == ["https://variable.example/simple/demo/", "https://other.example/simple/demo/"])
    #expect(
      try await pages(configuration: configuration, environment: ["PIP_INDEX_URL": ""])
        == ["https://file.example/simple/demo/", "https://extra.example/simple/demo/"])
  }

  @Test func `come from the user's file and the virtual environment's, the nearer counting`()
    async throws
  {
    try await TemporaryFolder.with { folder in
      func index(_ name: String, _ path: String) throws {
        try Disk.makeFolder("\(folder)/\(path)")
        try Disk.replace(
          "\(folder)/\(path)/pip.conf",
          with: "[global]\nindex-url = https://\(name).example/\n".utf8)
      }
      var environment = [
        "HOME": folder, "XDG_CONFIG_DIRS": "\(folder)/xdg", "PIP_EXTRA_INDEX_URL": "",
      ]
      try index("machine", "xdg/pip")
      try index("legacy", ".pip")
      let surroundings = Surroundings(environment: environment)
      #expect(try await pages(in: surroundings).first == "https://legacy.example/demo/")
      try index("user", ".config/pip")
      #expect(try await pages(in: surroundings).first == "https://user.example/demo/")
      try index("venv", "venv")
      environment["VIRTUAL_ENV"] = "\(folder)/venv"
      let inside = Surroundings(environment: environment)
      #expect(try await pages(in: inside).first == "https://venv.example/demo/")
      // A file that is named takes the place of the user's, if it is there (pip's configuration.py).
      environment["VIRTUAL_ENV"] = nil
      environment["PIP_CONFIG_FILE"] = "\(folder)/named.conf"
      let unnamed = Surroundings(environment: environment)
      #expect(try await pages(in: unnamed).first == "https://user.example/demo/")
      try Disk.replace("\(folder)/named.conf", with: "[global]\ntimeout = 60\n".utf8)
      #expect(try await pages(in: unnamed).first == "https://machine.example/demo/")
    }
  }

  @Test(arguments: ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
  func `come from the variables of uv where pip has none`(name: String) async throws {
    let surroundings = Surroundings(
      environment: [
        "PIP_CONFIG_FILE": "/dev/null", name: "https://uv.example/simple",
        "UV_EXTRA_INDEX_URL": "https://extra.example/simple",
      ])
    #expect(
      try await pages(in: surroundings)
        == ["https://uv.example/simple/demo/", "https://extra.example/simple/demo/"])
  }

  // MARK: The built-in index

  @Test(arguments: [
    [["pip", "download", "--help"]: Recorded.pipHelp],
    [["pip3", "download", "--help"]: Recorded.pipHelp],
    [["python3", "-m", "pip", "download", "--help"]: Recorded.pipHelp],
    [
      ["pip", "download", "--help"]: "no such words",
      ["pip3", "download", "--help"]: Recorded.pipHelp,
    ],
  ])
  func `are what pip says in its help when nothing is configured`(
    answers: [[String]: String]
  ) async throws {
    let machine = Machine(answers)
    let surroundings = machine.surroundings(["PIP_CONFIG_FILE": "/dev/null"])
    #expect(try await pages(in: surroundings) == ["https://built-in.example/simple/demo/"])
    #expect(machine.asked.first == ["pip", "download", "--help"])
  }

  @Test func `are what uv says in its help where there is no pip`() async throws {
    let machine = Machine([["uv", "pip", "install", "--help"]: Recorded.uvHelp])
    let surroundings = machine.surroundings(["PIP_CONFIG_FILE": "/dev/null"])
    #expect(try await pages(in: surroundings) == ["https://uv.example/simple/demo/"])
  }

  @Test func `are asked of the tools once`() async throws {
    let machine = Machine([["pip", "download", "--help"]: Recorded.pipHelp])
    let transport = FakeTransport()
    let origin = PipResolver().origin(
      over: transport, in: machine.surroundings(["PIP_CONFIG_FILE": "/dev/null"]))
    let request = try #require(
      PipResolver().request(naming: "pkg:pypi/demo@1?file_name=demo-1.zip"))
    for _ in 0..<3 { _ = try await origin.fetch(request, to: MemorySink()) }
    #expect(transport.retrievals.count == 3)
    #expect(machine.asked.count == 1)
  }

  @Test func `are not asked of the tools when one is configured`() async throws {
    let machine = Machine([["pip", "download", "--help"]: Recorded.pipHelp])
    let surroundings = machine.surroundings([
      "PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "https://index.example/",
    ])
    #expect(try await pages(in: surroundings) == ["https://index.example/demo/"])
    #expect(machine.asked.isEmpty)
  }

  @Test func `are missed clearly when there is nobody to ask`() async throws {
    let surroundings = Surroundings(environment: ["PIP_CONFIG_FILE": "/dev/null"])
    let error = await #expect(throws: MirrorError.self) { _ = try await pages(in: surroundings) }
    #expect(error?.code == .misconfigured)
    #expect(error?.message.contains("PIP_INDEX_URL") == true)
  }

  @Test(arguments: [
    "https://user:s3cret@index.example:port/simple", "index.example/s3cret@simple",
    "https://user:s3cret@/simple",
  ])
  func `are never printed with their login`(index: String) async throws {
    let surroundings = Surroundings(
      environment: ["PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": index])
    let error = await #expect(throws: MirrorError.self) { _ = try await pages(in: surroundings) }
    #expect(error?.code == .misconfigured)
    if index.contains("user:") { #expect(error?.message.contains("s3cret") == false) }
  }

  @Test func `are not printed with their login when they give no page`() async throws {
    let transport = FakeTransport(otherwise: .text("{}", as: Content(type: "application/json")))
    let origin = PipResolver().origin(
      over: transport,
      in: Surroundings(environment: [
        "PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "https://user:s3cret@index.example/",
      ]))
    let request = try #require(
      PipResolver().request(naming: "pkg:pypi/demo@1?file_name=demo-1.zip"))
    let error = await #expect(throws: MirrorError.self) {
      _ = try await origin.fetch(request, to: MemorySink())
    }
    #expect(error?.message.contains("https://index.example/demo/") == true)
    #expect(error?.message.contains("s3cret") == false)
  }

  // MARK: Redirection

  private let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))

  private func redirection(_ environment: [String: String]) -> Redirection {
    PipResolver().redirection(
      to: gateway, in: Surroundings(environment: environment), scratch: "/scratch")
  }

  @Test func `are replaced by the gateway, and the caches by empty ones`() {
    let redirection = redirection(["PIP_CONFIG_FILE": "/dev/null"])
    let index = "http://mirror:t0ken@127.0.0.1:8040/pip/simple/"
    for name in ["PIP_INDEX_URL", "UV_DEFAULT_INDEX"] {
      #expect(redirection.environment[name] == index)
    }
    for name in ["PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_URL"] {
      #expect(redirection.environment[name] == .some(nil), "\(name) would add another index")
    }
    #expect(
      redirection.caches
        == ["PIP_CACHE_DIR": "/scratch/pip-cache", "UV_CACHE_DIR": "/scratch/uv-cache"])
    #expect(redirection.environment["PIP_DISABLE_PIP_VERSION_CHECK"] == "1")
    #expect(redirection.wrappers.isEmpty)
    #expect(redirection.gaps.isEmpty)
  }

  @Test func `of a file are outweighed by a variable`() async throws {
    try await TemporaryFolder.with { folder in
      let path = "\(folder)/pip.conf"
      try Disk.replace(path, with: "[global]\nextra-index-url = https://extra.example/\n".utf8)
      let redirection = redirection(["PIP_CONFIG_FILE": path, "HOME": folder])
      #expect(
        redirection.environment["PIP_EXTRA_INDEX_URL"]
          == "http://mirror:t0ken@127.0.0.1:8040/pip/simple/")
    }
  }

  @Test func `leave a gap where pip takes files from elsewhere, which is said`() {
    let redirection = redirection([
      "PIP_CONFIG_FILE": "/dev/null", "PIP_FIND_LINKS": "/srv/wheels https://links.example/",
    ])
    #expect(redirection.gaps.count == 2)
    #expect(redirection.gaps.first?.contains("/srv/wheels") == true)
    #expect(redirection.gaps.last?.contains("https://links.example/") == true)
  }
}
