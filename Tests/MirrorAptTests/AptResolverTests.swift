import MirrorApt
import MirrorCore
import MirrorTesting
import Testing

/// How apt is pointed at the gateway, and what is known of its own settings.
@Suite struct AptResolverTests {
  private static let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))

  private func redirection(
    _ environment: [String: String] = [:], isFrozen: Bool = false
  ) async -> (Redirection, configuration: String) {
    let redirection = await AptResolver().redirection(
      to: Self.gateway,
      in: Surroundings(environment: environment, isFrozen: isFrozen),
      scratch: "/run/scratch")
    let path = redirection.environment["APT_CONFIG"].flatMap { $0 } ?? ""
    return (redirection, redirection.files[path] ?? "")
  }

  @Test func `apt finds the method in a file of the run`() async {
    let (redirection, configuration) = await redirection()
    #expect(
      configuration == """
        Dir::Bin::Methods::http "/run/scratch/apt/http";
        Dir::Bin::Methods::https "/run/scratch/apt/https";

        """)
    #expect(redirection.links == ["/run/scratch/apt/http", "/run/scratch/apt/https"])
    #expect(redirection.environment["MIRROR_GATEWAY"] == "http://mirror:t0ken@127.0.0.1:8040/")
    #expect(!redirection.files.values.contains { $0.contains("t0ken") })
  }

  @Test func `the user's own configuration is taken in first`() async {
    let (_, configuration) = await redirection(["APT_CONFIG": "/home/u/apt.conf"])
    #expect(configuration.hasPrefix("#include \"/home/u/apt.conf\";\n"))
    let (_, other) = await redirection(["APT_CONFIG": ""])
    #expect(!other.contains("include"))
  }

  @Test func `set a second time, it takes the user's own in and not itself`() async {
    var environment = ["APT_CONFIG": "/home/u/apt.conf"]
    let (first, once) = await redirection(environment)
    for (name, value) in first.environment { environment[name] = value }
    let (second, twice) = await redirection(environment)
    #expect(twice == once && second.environment == first.environment)
    #expect(once.contains("/home/u/apt.conf"))
  }

  @Test(arguments: [true, false])
  func `only a frozen world is valid past its date`(isFrozen: Bool) async {
    let (_, configuration) = await redirection(isFrozen: isFrozen)
    #expect(configuration.contains("Check-Valid-Until \"false\"") == isFrozen)
  }

  @Test(arguments: [true, false])
  func `apt is held to versions by preferences beside the user's own`(isStrict: Bool) async throws {
    let folder = try TemporaryFolder()
    try folder.write("preferences", "Package: own\nPin: version 3\nPin-Priority: 500\n")
    let path = folder.path
    let programs = FakePrograms { program in
      #expect(program.words == ["apt-config", "shell", "FILE", "Dir::Etc::preferences/f"])
      return .printing("FILE='\(path)/preferences'\n")
    }
    let surroundings = Surroundings(
      environment: [:], programs: programs, versions: [.apt: ["b": "1:2.0-1", "a": "1"]],
      isStrict: isStrict)
    let redirection = await AptResolver().redirection(
      to: Self.gateway, in: surroundings, scratch: "/run/scratch")
    #expect(
      redirection.files["/run/scratch/apt/preferences"] == """
        Package: own
        Pin: version 3
        Pin-Priority: 500


        Package: a
        Pin: version 1
        Pin-Priority: 999

        Package: b
        Pin: version 1:2.0-1
        Pin-Priority: 999


        """)
    #expect(redirection.files["/run/scratch/apt/pins"] == "a==1\nb==1:2.0-1\n")
    #expect(
      redirection.files["/run/scratch/apt/apt.conf"]?
        .contains("Dir::Etc::preferences \"/run/scratch/apt/preferences\";") == true)
    #expect(redirection.wrappers == ["apt", "apt-get"])
    let strict = try #require(redirection.environment["MIRROR_APT_STRICT"])
    #expect(strict == (isStrict ? "yes" : nil))
  }

  @Test func `without pins apt keeps its preferences and has no wrapper`() async {
    let (redirection, configuration) = await redirection()
    #expect(redirection.wrappers.isEmpty && !configuration.contains("preferences"))
    #expect(redirection.environment["MIRROR_APT_PINS"] == nil)
  }

  // MARK: Packages by name

  private static let hex = String(repeating: "2e", count: 32)
  private static let printed = """
    'http://archive.example/debian/pool/main/v/vim/vim-common_9.0-2%2bdeb12u2_all.deb' \
    vim-common_2%3a9.0-2+deb12u2_all.deb 124836 SHA256:\(hex)

    """

  private func find(
    _ purl: String, lock: Lockfile = Lockfile(), printing text: String? = printed,
    asked: [String]? = nil
  ) async throws -> Request? {
    let package = try #require(PackageURL(purl))
    let programs = FakePrograms { program in
      if let asked { #expect(program.words == asked) }
      return text.map { .printing($0) }
    }
    let surroundings = Surroundings(environment: [:], programs: programs)
    return try await AptResolver().request(for: package, in: lock, surroundings)
  }

  @Test func `apt says where a package is and what it must hash to`() async throws {
    let request = try #require(
      try await find(
        "pkg:deb/debian/vim-common@2:9.0-2%2Bdeb12u2?arch=amd64",
        asked: [
          "apt-get", "download", "--print-uris", "-qq", "vim-common:amd64=2:9.0-2+deb12u2",
        ]))
    #expect(request.identity.hasSuffix("/vim-common_9.0-2%2Bdeb12u2_all.deb"))
    #expect(request.sha256?.hex == Self.hex && request.size == 124836)
    #expect(request.attributes["version"] == "2:9.0-2+deb12u2")
  }

  @Test func `the lock says it first`() async throws {
    let url = "http://archive.example/debian/pool/main/h/hello/hello_2.10-3_amd64.deb"
    let digest = ContentHash.sha256(of: [])
    let lock = Lockfile([
      LockEntry(
        ecosystem: .apt, identity: url, state: .present(digest, size: 0),
        attributes: ["package": "hello", "version": "2.10-3", "architecture": "amd64"])
    ])
    let name = "pkg:deb/debian/hello@2.10-3?arch=amd64"
    let request = try #require(try await find(name, lock: lock, printing: nil))
    #expect(request.identity == url && lock.entry(for: request)?.bytes?.digest == digest)
    for other in ["pkg:deb/debian/hello@2.10-4?arch=amd64", "pkg:deb/debian/hello?arch=arm64"] {
      await #expect(throws: MirrorError.self) { try await find(other, lock: lock, printing: nil) }
    }
  }

  @Test(arguments: ["", "nonsense", "'ftp://a.example/x' x 1", "'http://a.example/x'"])
  func `what apt does not know is an error that says what to do`(text: String) async throws {
    let error = await #expect(throws: MirrorError.self) {
      try await find("pkg:deb/debian/hello", printing: text)
    }
    #expect(error?.message.contains("apt-get update") == true)
  }

  @Test func `packages of other kinds are left to others`() async throws {
    #expect(try await find("pkg:pypi/six@1.16.0") == nil)
  }

  // MARK: Logins

  @Test(
    arguments: [
      ("https://private.example/debian/dists/a/InRelease", "u:p", true),
      ("http://private.example/debian/dists/a/InRelease", nil, true),
      ("http://plain.example/debian/dists/a/InRelease", "v:q@r", true),
      ("https://private.example/debian/dists/a/InRelease", nil, false),
      ("https://own:login@private.example/debian/dists/a/InRelease", "own:login", true),
    ] as [(String, String?, Bool)])
  func `the origin is shown the login of apt's own files`(
    url: String, login: String?, mayShow: Bool
  ) async throws {
    let folder = try TemporaryFolder()
    try folder.write("auth.conf.d/a.conf", "machine private.example login u password p\n")
    try folder.write("auth.conf", "machine http://plain.example login v password q@r\n")
    let path = folder.path
    let transport = FakeTransport(otherwise: .bytes([1]))
    let programs = FakePrograms { _ in
      .printing("FILE='\(path)/auth.conf'\nPARTS='\(path)/auth.conf.d/'\n")
    }
    let origin = AptResolver().origin(
      over: transport,
      in: Surroundings(environment: [:], showsLogins: mayShow, programs: programs))
    let request = try #require(AptResolver().request(naming: url))
    _ = try await origin.fetch(request, to: MemorySink())
    let shown = transport.retrievals.first?.locator.userInfo?.reveal()
    #expect(shown.map { PercentEncoding.decode($0) } == login)
  }
}
