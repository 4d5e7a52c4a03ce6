import MirrorCore
import MirrorGit
import Testing

/// What git's words come to; each was said by a real git, ssh or server.
@Suite struct GitFailureTests {
  private static let id = String(repeating: "1", count: 40)

  private func outcome(_ errors: String, wanted: String? = nil) -> String {
    switch GitFailure(errors, absentCodes: [403], wanted: wanted) {
    case .absent: "miss"
    case .error(let code, _, let isPassing): code.rawValue + (isPassing ? ", again" : "")
    }
  }

  @Test(arguments: [
    ("fatal: repository 'https://git.example/a/no.git/' not found", "miss"),
    ("ERROR: Repository not found.\nfatal: Could not read from remote repository.", "miss"),
    ("fatal: project acme/none not found", "miss"),
    ("fatal: '/srv/no.git' does not appear to be a git repository", "miss"),
    ("fatal: remote error: upload-pack: not our ref 1111", "miss"),
    ("error: Server does not allow request for unadvertised object 1111", "miss"),
    ("fatal: couldn't find remote ref refs/heads/gone", "miss"),
    ("fatal: unable to access 'https://h/': The requested URL returned error: 404", "miss"),
    ("fatal: unable to access 'https://h/': The requested URL returned error: 403", "miss"),
    ("fatal: unable to access 'https://h/': The requested URL returned error: 401", "denied"),
    ("fatal: unable to access 'https://h/': The requested URL returned error: 302", "unavailable"),
    (
      "fatal: unable to access 'https://h/': The requested URL returned error: 503",
      "unavailable, again"
    ),
    ("bash: git-upload-pack: command not found\nfatal: Could not read from remote", "unavailable"),
    ("bash: line 1: nc: command not found\nfatal: the remote end hung up", "unavailable"),
    ("sh: 1: nc: not found\nfatal: Could not read from remote repository.", "unavailable"),
    ("/bin/sh: git-upload-pack: not found", "unavailable"),
    ("ssh: Could not resolve hostname repository.example: host not found", "unavailable, again"),
    ("git@h: Permission denied (publickey).", "denied"),
    ("fatal: could not read Username for 'https://h': terminal prompts disabled", "denied"),
    ("Host key verification failed.\nfatal: Could not read from remote repository.", "insecure"),
    ("fatal: early EOF\nfatal: fetch-pack: invalid index-pack output", "unavailable, again"),
    ("error: object 11: gitmodulesName: disallowed\nfatal: fsck error in packed object", "corrupt"),
    ("fatal: write error: No space left on device", "misconfigured"),
    (
      "warning: redirecting\nfatal: https://h/info/refs not valid: is this a git repository?",
      "unavailable"
    ),
    ("", "unavailable, again"),
  ])
  func `means one thing to the chain`(errors: String, outcome: String) {
    #expect(self.outcome(errors) == outcome)
  }

  @Test(arguments: [
    "fatal: bad object \(id)\nerror: /srv/b.bundle did not send all necessary objects",
    "error: Unable to find \(id) under http://h/a.git\nCannot obtain needed object \(id)",
  ])
  func `an object that was asked for by its name is a miss, and any other is damage`(errors: String)
  {
    #expect(outcome(errors, wanted: Self.id) == "miss")
    #expect(outcome(errors, wanted: String(repeating: "2", count: 40)) != "miss")
    #expect(outcome(errors) != "miss")
  }

  @Test func `shows the line that says why, and no login`() {
    let failure = GitFailure(
      "remote: hello\nfatal: unable to access 'https://me:secret@h/': The requested URL returned error: 500"
    )
    guard case .error(_, let line, _) = failure else {
      Issue.record("it is a miss")
      return
    }
    #expect(line.contains("error: 500") && !line.contains("secret") && !line.contains("hello"))
  }
}
