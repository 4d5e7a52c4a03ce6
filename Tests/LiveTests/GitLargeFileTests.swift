import Foundation
import MirrorTesting
import Testing

/// Real git-lfs, with a small server of large files beside git's own server.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("git", "git-lfs", "python3"),
    "git, git-lfs or python3 is missing: Tests/run"))
struct GitLargeFileTests {
  /// Makes `acme/art` with two large files.
  private func makeArt(in fixture: GitFixture, configuration: String = "") async throws {
    try await fixture.shell(
      """
      git lfs install --skip-repo >/dev/null
      git config --global lfs.locksverify false
      git init -q --bare "$ROOT/acme/art.git"
      git -C "$ROOT/acme/art.git" config http.receivepack true
      git clone -q https://git.example/acme/art.git seed 2>/dev/null && cd seed
      \(configuration)
      git lfs track '*.bin' >/dev/null
      head -c 300000 /dev/urandom > a.bin; head -c 7 /dev/urandom > b.bin; echo small > c.txt
      git add -A && git commit -qm art && git push -q origin HEAD:main
      """)
  }

  private static let clone = """
    rm -rf art && git clone -q https://git.example/acme/art.git || exit
    (cd art && sha256sum *.bin && git lfs fsck && git config remote.origin.url && git status --short)
    """

  @Test(.enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `records large files, gives them again offline, and pushes to the original`() async throws {
    try await GitFixture.run { fixture in
      try await makeArt(in: fixture)
      let direct = try await fixture.shell(Self.clone)
      let recorded = try await fixture.build([], Self.clone)
      #expect(recorded.text == direct.text, "\(recorded.errors)")
      #expect(recorded.text.contains("Git LFS fsck OK"))
      let lines = fixture.text("mirror.lock").split(separator: "\n")
        .filter { $0.contains("/info/lfs/objects/") }
      #expect(lines.count == 2)
      for line in lines {
        let words = line.split(separator: " ")
        #expect(words[1].hasPrefix("https://git.example/acme/art/info/lfs/objects/"))
        #expect("sha256:\(words[1].suffix(64))" == words[2], "the name is the pin")
      }
      let push = try await fixture.build(
        [],
        """
        cd art && echo new > d.bin && git add d.bin && git commit -qm d
        # git-lfs reports its progress on standard output when an upload takes its time.
        git push -q origin HEAD:more >&2
        sha256sum < d.bin; git lfs locks
        """)
      let name = push.text.prefix(64)
      #expect(
        FileManager.default.fileExists(atPath: "\(fixture.server.root)/large/\(name)"),
        "\(push.errors)")
      #expect(push.errors.contains("mirror: locks are not carried"), "\(push.errors)")

      try FileManager.default.removeItem(atPath: fixture.server.root)
      let offline = try await fixture.build(["--offline"], Self.clone, isolated: true)
      #expect(offline.text == direct.text, "\(offline.errors)")
      let check = try await Tool.run([Tool.mirror, "check"], in: fixture.folder)
      #expect(check.status == 0, "\(check.errors)")
    }
  }

  @Test func `are pulled from a lock, and exported for a mirror that git-lfs is served from`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await makeArt(in: fixture)
      let recorded = try await fixture.build([], Self.clone)
      #expect(recorded.text.contains("Git LFS fsck OK"), "\(recorded.errors)")
      for words in [
        ["pull", "--store", "fresh"], ["export", "--store", "fresh", "--layout", "git", "tree"],
      ] {
        let outcome = try await Tool.run(
          [Tool.mirror] + words, in: fixture.folder, environment: fixture.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      try FileManager.default.removeItem(atPath: fixture.server.root)
      try """
      [mirror disk]
      url = file://\(fixture.folder)/tree/
      [chain git]
      sources = store, disk
      """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      let served = try await fixture.build(["--store", "another"], Self.clone)
      #expect(served.text == recorded.text, "\(served.errors)")
    }
  }

  @Test func `delivers no large file that is damaged, or nobody has`() async throws {
    try await GitFixture.run { fixture in
      try await makeArt(in: fixture)
      let names = try await fixture.shell("sha256sum < seed/a.bin; sha256sum < seed/b.bin").text
        .split(separator: "\n").map { $0.prefix(64) }
      try await fixture.shell(
        """
        head -c 300000 /dev/zero > "$ROOT/large/\(names[0])"; rm "$ROOT/large/\(names[1])"
        """)
      let script = """
        GIT_LFS_SKIP_SMUDGE=1 git clone -q https://git.example/acme/art.git
        cd art && git -c lfs.transfer.maxretries=1 lfs pull; echo $?; wc -c < a.bin
        """
      let outcome = try await fixture.build([], script)
      let lines = outcome.text.split(separator: "\n").map { Int($0) ?? 0 }
      #expect(lines.count == 2 && lines[0] != 0 && lines[1] < 200, "\(outcome.text)")
      #expect(outcome.errors.contains("expected OID \(names[0])"), "\(outcome.errors)")
      #expect(!fixture.text("mirror.lock").contains("\(names[0]) sha256:"))
      #expect(outcome.errors.contains("1 thing could not be served"))
      #expect(fixture.text("mirror.lock").contains("/objects/\(names[1]) absent"))
    }
  }

  @Test func `follows lfs.url to a server of large files`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.shell(
        """
        git config --global --add "url.\(fixture.server.url)/.insteadOf" https://files.example/
        """)
      try await makeArt(
        in: fixture,
        configuration: "git config -f .lfsconfig lfs.url https://files.example/art/store")
      let recorded = try await fixture.build([], Self.clone)
      #expect(recorded.text.contains("Git LFS fsck OK"), "\(recorded.errors)")
      let lock = fixture.text("mirror.lock")
      #expect(lock.contains("git https://files.example/art/store/objects/"), "\(lock)")
      try FileManager.default.removeItem(atPath: fixture.server.root)
      let offline = try await fixture.build(["--offline"], Self.clone)
      #expect(offline.text == recorded.text, "\(offline.errors)")
    }
  }

  @Test func `follows lfs.url to Artifactory, with the login that its user has set up`()
    async throws
  {
    try await FaultServer.run { server in
      let artifactory = ArtifactoryStub(on: server, login: "reader:s3cret-token")
      try await GitFixture.run { fixture in
        let header = "Basic \(Data("reader:s3cret-token".utf8).base64EncodedString())"
        try await fixture.shell(
          """
          git config --global --add "url.\(server.url)/.insteadOf" https://acme.example/
          git config --global http.\(server.url)/.extraHeader 'Authorization: \(header)'
          """)
        let url = "https://acme.example/artifactory/api/lfs/lfs-local"
        try await makeArt(
          in: fixture,
          configuration: "git config -f .lfsconfig lfs.url \(url); export GIT_LFS_SKIP_PUSH=1")
        for name in ["a.bin", "b.bin"] {
          let bytes = try #require(
            FileManager.default.contents(atPath: "\(fixture.folder)/seed/\(name)"))
          artifactory.holdLargeFile("lfs-local", Array(bytes))
        }
        let recorded = try await fixture.build([], Self.clone)
        #expect(recorded.text.contains("Git LFS fsck OK"), "\(recorded.errors)")
        let lock = fixture.text("mirror.lock")
        #expect(lock.components(separatedBy: "git \(url)/objects/").count == 3, "\(lock)")
        artifactory.stop()
        let offline = try await fixture.build(["--offline"], Self.clone)
        #expect(offline.text == recorded.text, "\(offline.errors)")
      }
    }
  }

  @Test func `takes large files from a mirror with a credential that is written nowhere`()
    async throws
  {
    let token = "robot:s3cret-token"
    let header = "Basic \(Data(token.utf8).base64EncodedString())"
    try await GitFixture.run(login: header) { fixture in
      try await fixture.shell(
        "git config --global http.\(fixture.server.url)/.extraHeader 'Authorization: \(header)'")
      try await makeArt(in: fixture)
      // From here on only the mirror knows the login, and the original does not exist.
      try await fixture.shell(
        "git config --global --unset http.\(fixture.server.url)/.extraHeader")
      let configuration = """
        [mirror vault]
        url = \(fixture.server.url)/
        repositories = {owner}/{name}.git
        credential = env:VAULT
        [chain git]
        sources = store, vault
        """
      try configuration.write(
        toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      var environment = fixture.environment
      let clone = ["sh", "-c", Self.clone.replacing("git.example", with: "code.example")]
      environment["VAULT"] = "robot:wrong"
      let refused = try await Tool.mirrorRun(
        [], clone, in: fixture.folder, environment: environment)
      #expect(refused.status != 0 && refused.errors.contains("vault"), "\(refused.errors)")
      environment["VAULT"] = token
      let served = try await Tool.mirrorRun(
        [], clone, in: fixture.folder, environment: environment)
      #expect(served.text.contains("Git LFS fsck OK"), "\(served.errors)")
      #expect(fixture.text("mirror.lock").contains("code.example/acme/art/info/lfs/objects/"))
      let places = try await Tool.run(
        ["grep", "-rlE", "s3cret-token|\(header.dropFirst(6))", "art", ".mirror", "mirror.lock"],
        in: fixture.folder)
      #expect(places.text.isEmpty, "the credential is written in \(places.text)")
    }
  }

  @Test(arguments: ["folder", "web server", "sha256"])
  func `takes large files from a mirror that only has files`(kind: String) async throws {
    try await FaultServer.run { vault in
      try await GitFixture.run { fixture in
        try await makeArt(in: fixture)
        let bare = "\(fixture.server.root)/acme/art.git"
        try await fixture.shell(
          """
          for file in "$ROOT"/large/*; do
            name=$(basename "$file"); place="\(bare)/lfs/objects/${name:0:2}/${name:2:2}"
            mkdir -p "$place" && mv "$file" "$place/$name"
          done
          """)
        let tree = try await fixture.bareTree("acme/art", as: "/acme/art.git")
        for (path, bytes) in tree {
          vault.script(path, .file(bytes))
          let name = path.split(separator: "/").last ?? ""
          if name.utf8.count == 64 {
            vault.script("/sha256/\(name.prefix(2))/\(name)", .file(bytes))
          }
        }
        if let refs = tree["/acme/art.git/info/refs"] {
          vault.script("/acme/art.git/info/refs?service=git-upload-pack", .file(refs))
        }
        let place =
          switch kind {
          case "folder": "url = file://\(fixture.server.root)/\nrepositories = {path}.git"
          case "web server": "url = \(vault.url)/\nrepositories = {path}.git"
          default: "url = \(vault.url)/\nlayout = sha256"
          }
        try """
        [mirror vault]
        \(place)
        [chain git]
        sources = store, vault, origin
        """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
        let outcome = try await fixture.build([], Self.clone)
        #expect(outcome.text.contains("Git LFS fsck OK"), "\(outcome.errors)")
        let ledger = fixture.text(".mirror/runs/last/ledger.jsonl").split(separator: "\n")
          .filter { $0.contains("/info/lfs/objects/") }
        #expect(ledger.count == 2 && ledger.allSatisfy { $0.contains("\"source\":\"vault\"") })
      }
    }
  }

  @Test func `ends an ssh that falls silent when it is asked where a file is`() async throws {
    try await GitFixture.run { fixture in
      let environment = try await fixture.environment(
        withSSH: "echo \"$*\" >> '\(fixture.folder)/fake.log'; exec sleep 1000")
      let name = String(repeating: "ab", count: 32)
      let outcome = try await Tool.run(
        [
          Tool.mirror, "fetch", "-o", "file",
          "ssh://git@git.example/acme/art.git/info/lfs/objects/\(name)",
        ], in: fixture.folder, environment: environment)
      #expect(outcome.status == 21, "\(outcome.errors)")
      #expect(outcome.errors.contains("did not answer within 5 s"), "\(outcome.errors)")
      #expect(fixture.text("fake.log").contains("git-lfs"))
    }
  }
}
