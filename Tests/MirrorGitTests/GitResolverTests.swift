import MirrorCore
import MirrorGit
import MirrorTesting
import Testing

/// What git is told, and what it asks.
@Suite struct GitResolverTests {
  private let resolver = GitResolver()
  private let gateway = GatewayAddress(host: "127.0.0.1", port: 8040, token: Secret("t0ken"))

  private func settings(
    _ environment: [String: String] = [:], rules: String? = nil
  ) async -> [(key: String, value: String)] {
    let surroundings = Surroundings(
      environment: environment, programs: FakePrograms { _ in rules.map { .printing($0) } })
    let redirection = await resolver.redirection(to: gateway, in: surroundings, scratch: "/scratch")
    let variables = environment.merging(redirection.environment.compactMapValues { $0 }) { $1 }
    return (0..<(Int(variables["GIT_CONFIG_COUNT"] ?? "") ?? 0)).map {
      (variables["GIT_CONFIG_KEY_\($0)"] ?? "", variables["GIT_CONFIG_VALUE_\($0)"] ?? "")
    }
  }

  /// The address that git makes of one: the longest prefix wins, of equally long ones the first.
  private func rewritten(
    _ address: String, by settings: [(key: String, value: String)], _ verb: String = ".insteadOf"
  ) -> String {
    var best: (base: String, prefix: String)?
    for (key, prefix) in settings where key.hasPrefix("url.") && key.hasSuffix(verb) {
      guard address.hasPrefix(prefix), prefix.utf8.count > (best?.prefix.utf8.count ?? 0) else {
        continue
      }
      best = (String(key.dropFirst(4).dropLast(verb.utf8.count)), prefix)
    }
    return best.map { $0.base + address.dropFirst($0.prefix.utf8.count) } ?? address
  }

  @Test(arguments: [
    ("https://git.example/a/b.git", "git/https/git.example/a/b.git"),
    ("http://127.0.0.1:8123/b", "git/http/127.0.0.1:8123/b"),
    ("ssh://git@git.example:2222/a/b", "git/ssh/git@git.example:2222/a/b"),
    ("git@git.example:a/b.git", "git/scp/git.example:a/b.git"),
    ("git://git.example/b", "git/git/git.example/b"),
  ])
  func `leads an address here for reading, and to itself for pushing`(
    address: String, path: String
  ) async {
    let settings = await settings()
    #expect(rewritten(address, by: settings) == "http://127.0.0.1:8040/\(path)")
    #expect(rewritten(address, by: settings, ".pushInsteadOf") == address)
  }

  @Test(arguments: ["file:///srv/git/a", "ext://sh/a", "ftp://git.example/a"])
  func `takes no other address from a lock than a tool can ask for`(address: String) {
    let digest = ContentHash.sha256(of: "abc".utf8)
    var entry = LockEntry(
      ecosystem: .git, identity: "https://git.example/a", state: .present(digest, size: 3),
      changes: true)
    #expect(resolver.request(for: entry)?.identity == entry.identity)
    entry.origin = address
    #expect(resolver.request(for: entry) == nil)
  }

  @Test(arguments: [4000, 66_000])
  func `takes an address for none that is longer than 4 KiB`(count: Int) {
    let name = String(repeating: "a", count: count)
    for path in [
      "https/git.example/\(name)/git-upload-pack", "scp/git.example:\(name)/git-upload-pack",
    ] {
      let answer = resolver.answer(to: Query(.path(path), method: "POST"), frozen: nil)
      #expect((answer != nil) == (count < 4096))
    }
  }

  @Test(arguments: [
    "https://git.example/acme/art/info/lfs/objects/", "https://files.example/store/objects/",
  ])
  func `takes the name of a large file from the lock`(place: String) throws {
    let digest = ContentHash.sha256(of: "abc".utf8)
    let entry = LockEntry(
      ecosystem: .git, identity: place + digest.hex, state: .present(digest, size: 3))
    let request = try #require(resolver.request(for: entry))
    #expect(request.identity == entry.identity && request.digests == [digest])
  }

  @Test func `comes after the user's own settings, and keeps the token out of addresses`() async {
    let own = [
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Ann",
    ]
    let settings = await settings(own)
    #expect(settings.first?.key == "user.name" && settings.first?.value == "Ann")
    #expect(settings.allSatisfy { !$0.key.contains("t0ken") })
    let header = settings.first { $0.key == "http.http://127.0.0.1:8040/.extraHeader" }
    #expect(header?.value == "Authorization: Basic bWlycm9yOnQwa2Vu")
  }

  @Test func `takes the place of what a gateway has set before, and leaves the user's own`() async {
    let own = [
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Ann",
    ]
    let rule = "url./srv/mirrors/.insteadof\nhttps://git.example/\0"
    var environments = [own]
    for rules in [rule, nil] {
      let programs = FakePrograms { program in
        #expect(
          program.environment["GIT_CONFIG_COUNT"] == "2", "a gateway's rules are read as well")
        return rules.map { .printing($0) }
      }
      let surroundings = Surroundings(environment: environments[0], programs: programs)
      let redirection = await resolver.redirection(
        to: gateway, in: surroundings, scratch: "/scratch")
      #expect(redirection.personal.contains("GIT_CONFIG_VALUE_0"))
      var environment = environments[0]
      for (name, value) in redirection.environment { environment[name] = value }
      environments.insert(environment, at: 0)
    }
    let once = await resolver.redirection(
      to: gateway, in: Surroundings(environment: own), scratch: "/scratch")
    var expected = own
    for (name, value) in once.environment { expected[name] = value }
    #expect(environments[0] == expected, "what the first had more was not taken away")
  }

  @Test func `keeps nothing from containers where the user has set nothing`() async {
    let redirection = await resolver.redirection(
      to: gateway, in: Surroundings(environment: ["GIT_CONFIG_COUNT": "9223372036854775807"]),
      scratch: "/scratch")
    let count = redirection.environment["GIT_CONFIG_COUNT"].flatMap { $0 }.flatMap { Int($0) }
    #expect(redirection.personal.isEmpty && count.map { (1..<1000).contains($0) } == true)
  }

  @Test func `takes precedence over the user's rewriting, which the origin follows`() async {
    let rule = (key: "url./srv/mirrors/.insteadOf", value: "https://git.example/")
    let listing = "url./srv/mirrors/.insteadof\nhttps://git.example/\0"
    let settings = [rule] + (await settings(rules: listing))
    #expect(
      rewritten("https://git.example/a/b", by: settings)
        == "http://127.0.0.1:8040/git/https/git.example/a/b")
    #expect(
      rewritten("https://git.example/a/b", by: settings, ".pushInsteadOf") == "/srv/mirrors/a/b")
  }

  @Test func `records a user's shorthand in full`() async {
    let listing = "url.https://git.example/.insteadof\nex:\0"
    let settings = await settings(rules: listing)
    #expect(rewritten("ex:a/b", by: settings) == "http://127.0.0.1:8040/git/https/git.example/a/b")
  }

  @Test(arguments: [
    ("https/git.example/a/b.git/info/refs?service=git-upload-pack", "GET", true),
    ("https/git.example/a/b.git/git-upload-pack", "POST", true),
    ("https/git.example/a/b.git/info/refs", "GET", false),
    ("https/git.example/a/b.git/git-upload-pack", "GET", false),
    ("ftp/git.example/b/info/refs?service=git-upload-pack", "GET", false),
    ("https/git.example/b.git/HEAD", "GET", false), ("https", "GET", false),
    ("https/git.example/a/b.git/info/lfs/objects/batch", "POST", true),
    ("https/lfs.example/store/objects/batch", "POST", true),
    ("scp/git.example:a/b.git/info/lfs/locks/verify", "POST", true),
    ("https/git.example/a/b.git/info/lfs/objects/batch", "GET", false),
    ("https/git.example/a/b.git/info/lfs/objects/short", "GET", false),
  ])
  func `answers what git asks of a smart server`(path: String, method: String, isKnown: Bool) {
    let answer = resolver.answer(to: Query(.path(path), method: method), frozen: nil)
    let isConversation = if case .conversation = answer { true } else { false }
    #expect(isConversation == isKnown)
  }

  @Test(arguments: ["git-receive-pack", "git-upload-archive"])
  func `refuses other services as git's own server does`(service: String) {
    let path = "https/git.example/b/info/refs?service=\(service)"
    guard case .document(let document) = resolver.answer(to: Query(.path(path)), frozen: nil) else {
      Issue.record("it is no document")
      return
    }
    #expect(document.status == 403)
    #expect(String(decoding: document.bytes, as: UTF8.self).contains("pushurl"))
  }

  @Test func `takes the name of a large file for its pin`() {
    let name = String(repeating: "ab", count: 32)
    let path = "https/git.example/a/b.git/info/lfs/objects/\(name)?size=7"
    guard case .artifact(let request, _) = resolver.answer(to: Query(.path(path)), frozen: nil)
    else {
      Issue.record("it is no artifact")
      return
    }
    #expect(request.identity == "https://git.example/a/b/info/lfs/objects/\(name)")
    #expect(request.pins.map(\.hex) == [name] && request.size == 7 && request.isRecorded)
    #expect(resolver.request(naming: request.identity)?.pins == request.pins)
  }

  @Test(arguments: [
    (#"{"operation":"download","objects":[{"oid":"NAME","size":7}]}"#, 200),
    (#"{"operation":"download","transfers":["tus"],"objects":[]}"#, 422),
    (#"{"operation":"download","hash_algo":"sha512","objects":[]}"#, 409),
    (#"{"operation":"upload","objects":[{"oid":"NAME","size":7}]}"#, 403), ("[]", 422),
  ])
  func `offers large files for reading alone, from itself`(
    question: String, status: Int
  )
    async throws
  {
    let name = String(repeating: "ab", count: 32)
    let query = Query(.path("https/git.example/b/info/lfs/objects/batch"), method: "POST")
    guard case .conversation(let begin) = resolver.answer(to: query, frozen: nil) else {
      Issue.record("it is no conversation")
      return
    }
    let conversation = Conversation(
      headers: ["host": "127.0.0.1:8040"], body: Array(question.replacing("NAME", with: name).utf8),
      surroundings: Surroundings(environment: [:])
    ) { _ in .missed(nil, []) }
    let speech = try await begin(conversation)
    var bytes: [UInt8] = []
    try await speech.speak { piece throws(MirrorError) in bytes += piece }
    let link = "http://127.0.0.1:8040/git/https/git.example/b/info/lfs/objects/\(name)?size=7"
    #expect(speech.status == status)
    #expect(String(decoding: bytes, as: UTF8.self).contains(link) == (status == 200))
  }

  @Test(arguments: [
    "https://git.example/a/b.git", "https://git.example/a/b.git/",
    "https://git.example:443/a/b.git",
    "git+https://git.example/a/b", "https://user:secret@GIT.example/a/b.git",
    "pkg:generic/b?vcs_url=git%2Bhttps://git.example/a/b",
  ])
  func `knows a repository by one name however it is written`(address: String) {
    let request = resolver.request(naming: address)
    #expect(request?.identity == "https://git.example/a/b")
    #expect(request?.changes == true && request?.isRecorded == true)
    #expect(request?.ownerName == "git.example/a/b")
  }

  @Test func `keeps apart what is not the same place`() {
    let names = ["git@h.example:a/b.git", "ssh://git@h.example/a/b", "https://h.example/a/b.git"]
    #expect(Set(names.compactMap { resolver.request(naming: $0)?.identity }).count == 3)
    #expect(resolver.request(naming: "https://h.example/file.tgz") == nil)
  }

  @Test func `names an object by repository and id, and knows the answer beforehand`() {
    let id = String(repeating: "ab", count: 20)
    let request = resolver.request(naming: "https://git.example/a/b.git@\(id)")
    #expect(request?.identity == "https://git.example/a/b@\(id)")
    #expect(request?.changes == false && request?.pins.count == 1)
  }
}
