import MirrorCore
import MirrorTesting
import SonicHook
import Testing

/// The seat's settings for git and apt beside those of the caller's environment.
@Suite struct CallerSettingsTests {
  private static let seat: [(name: String, value: String?)] = [
    ("APT_CONFIG", "/seat/apt.conf"), ("GIT_CONFIG_COUNT", "2"),
    ("GIT_CONFIG_KEY_0", "http.x.proxy"), ("GIT_CONFIG_KEY_1", "url.x.insteadOf"),
    ("GIT_CONFIG_VALUE_0", ""), ("GIT_CONFIG_VALUE_1", "https://"), ("GOPROXY", "x"),
    ("PIP_EXTRA_INDEX_URL", nil),
  ]

  /// The environment that comes of both.
  private func joined(_ caller: [String: String]) -> [String: String] {
    var all = caller
    for (name, value) in CallerSettings({ caller[$0] }).joined(Self.seat) { all[name] = value }
    return all
  }

  @Test(arguments: [[:], ["GIT_CONFIG_COUNT": "0", "APT_CONFIG": ""]])
  func `without settings of the caller's the seat's are all there is`(caller: [String: String]) {
    #expect(
      joined(caller)
        == Dictionary(Self.seat.map { ($0.name, $0.value) }) { $1 }.compactMapValues { $0 })
  }

  @Test func `git has the caller's pairs and the seat's behind them, once`() {
    let caller = [
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    ]
    let all = joined(caller)
    #expect(all["GIT_CONFIG_COUNT"] == "3")
    #expect(
      (0..<3).map { all["GIT_CONFIG_KEY_\($0)"] } == [
        "safe.directory", "http.x.proxy", "url.x.insteadOf",
      ])
    #expect((0..<3).map { all["GIT_CONFIG_VALUE_\($0)"] } == ["*", "", "https://"])
    #expect(joined(all) == all)
  }

  @Test func `settings that git refuses are left for it to refuse`() {
    #expect(joined(["GIT_CONFIG_COUNT": "many"])["GIT_CONFIG_COUNT"] == "many")
  }

  @Test func `apt reads the caller's file, and gets the seat's settings as options`() {
    let seat = "Dir::Bin::Methods::http \"/seat/http\";\n#include \"/x\";\nA::B \"c d\";\n"
    let caller = CallerSettings { $0 == "APT_CONFIG" ? "/chroot.conf" : nil }
    #expect(!caller.joined(Self.seat).contains { $0.name == "APT_CONFIG" })
    #expect(
      caller.aptOptions(beside: Self.seat) { $0 == "/seat/apt.conf" ? seat : nil }
        == ["-o", "Dir::Bin::Methods::http=/seat/http", "-o", "A::B=c d"])
    let ours = CallerSettings { $0 == "APT_CONFIG" ? "/seat/apt.conf" : nil }
    #expect(ours.aptOptions(beside: Self.seat) { _ in seat } == [])
    #expect(ours.joined(Self.seat).contains { $0.name == "APT_CONFIG" })
  }
}

/// The same through the built wrapper.
@Suite(.enabled(if: HookSite.isBuilt)) struct CallerSettingsWrapperTests {
  /// An ecosystem that has settings of both kinds.
  private struct Both: Resolver {
    let ecosystem = Ecosystem(rawValue: "both")
    func redirection(
      to gateway: GatewayAddress, in surroundings: Surroundings, scratch: String
    ) -> Redirection {
      Redirection(
        environment: [
          "APT_CONFIG": "\(scratch)/apt.conf", "GIT_CONFIG_COUNT": "1",
          "GIT_CONFIG_KEY_0": "url.\(gateway.url()).insteadOf", "GIT_CONFIG_VALUE_0": "https://",
        ],
        files: ["\(scratch)/apt.conf": "Dir::Bin::Methods::http \"\(scratch)/http\";\n"])
    }
    func answer(to query: Query, frozen: Lockfile?) -> Answer? { nil }
    func request(naming name: String) -> Request? { nil }
    func origin(over transport: any Transport, in surroundings: Surroundings) -> any Mirror {
      InMemoryMirror()
    }
  }

  @Test func `a chroot's apt and a caller's git keep their settings`() async throws {
    let site = try HookSite()
    let listener = try LoopbackListener()
    defer { listener.close() }
    try await site.install(gateway: "http://127.0.0.1:\(listener.port)", resolvers: [Both()])
    let apt = try site.call(
      "apt-get", "update", "a b", environment: ["APT_CONFIG": "/tmp/chroot.conf"])
    #expect(apt.variable("APT_CONFIG") == "/tmp/chroot.conf")
    #expect(
      apt.arguments == [
        "-o", "Dir::Bin::Methods::http=\(site.root)/mirror/files/http", "update", "a b",
      ])
    let bare = try site.call("apt-get", "update")
    #expect(bare.arguments == ["update"])
    #expect(bare.variable("APT_CONFIG") == "\(site.root)/mirror/files/apt.conf")
    let git = try site.call(
      "git", "status",
      environment: [
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
      ])
    #expect(git.variable("GIT_CONFIG_COUNT") == "2")
    #expect(git.variable("GIT_CONFIG_KEY_0") == "safe.directory")
    #expect(git.variable("GIT_CONFIG_VALUE_1") == "https://")
  }
}
