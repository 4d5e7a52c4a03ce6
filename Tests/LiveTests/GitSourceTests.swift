import Foundation
import MirrorTesting
import Testing

/// Sources of repositories besides git's own server: bundles, and ssh.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitSourceTests {
  private static let clone = """
    rm -rf tool && git clone -q https://code.example/acme/tool.git || exit
    git -C tool for-each-ref; git -C tool fsck --strict 2>&1
    """

  @Test(arguments: ["folder", "bucket"])
  func `takes a repository from a bundle, and again offline`(kind: String) async throws {
    try await FaultServer.run { bucket in
      try await GitFixture.run { fixture in
        try await fixture.makeRepository("acme/tool", commits: 40)
        let expected = try await fixture.shell(
          Self.clone.replacing("code.example", with: "git.example"))
        let file = "\(fixture.server.root)/acme-tool.bundle"
        try await fixture.shell(
          "git -C \"$ROOT/acme/tool.git\" bundle create -q '\(file)' --all HEAD")
        let bytes = try #require(FileManager.default.contents(atPath: file))
        bucket.script("/git/acme-tool.bundle", .file(Array(bytes)))
        let url = kind == "folder" ? "file://\(fixture.server.root)/" : "\(bucket.url)/git/"
        try """
        [mirror vault]
        url = \(url)
        repositories = {owner}-{name}.bundle
        mode = gatekeeper
        [chain git]
        sources = store, vault
        """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
        let recorded = try await fixture.build([], Self.clone)
        #expect(recorded.text == expected.text, "\(recorded.errors)")
        let none = try await fixture.build([], "git clone -q https://code.example/acme/none.git")
        #expect(none.status == 128 && none.errors.contains("no mirror has it"), "\(none.errors)")
        let left = try await fixture.shell("find .mirror/git -name '*.tmp'")
        #expect(left.text.isEmpty, "\(left.text)")
        try FileManager.default.removeItem(atPath: fixture.server.root)
        let offline = try await fixture.build(["--offline"], Self.clone)
        #expect(offline.text == expected.text, "\(offline.errors)")
      }
    }
  }

  @Test(arguments: ["{name}.bundle", "{name}.git"])
  func `keeps out of the store what git's checks refuse, also from a bundle or plain HTTP`(
    template: String
  ) async throws {
    try await FaultServer.run { server in
      try await GitFixture.run { fixture in
        // A submodule whose name would lead out of .git/modules.
        try await fixture.shell(
          """
          git init -q bad && cd bad && echo x > file && git add file && git commit -qm good
          git clone -q --bare . "$ROOT/acme/tool.git" && git -C "$ROOT/acme/tool.git" gc -q
          printf '[submodule "../../evil"]\\n\\tpath = sub\\n\\turl = https://git.example/x.git\\n' > .gitmodules
          git add .gitmodules && git commit -qm bad
          git clone -q --bare . "$ROOT/acme/evil.git" && git -C "$ROOT/acme/evil.git" gc -q
          """)
        for name in ["tool", "evil"] {
          let file = "\(fixture.server.root)/\(name).bundle"
          try await fixture.shell(
            "git -C \"$ROOT/acme/\(name).git\" bundle create -q '\(file)' --all HEAD")
          let bytes = try #require(FileManager.default.contents(atPath: file))
          server.script("/\(name).bundle", .file(Array(bytes)))
          for (path, bytes) in try await fixture.bareTree("acme/\(name)", as: "/\(name).git") {
            server.script(path, .file(bytes))
            if path.hasSuffix("/info/refs") {
              server.script("\(path)?service=git-upload-pack", .file(bytes))
            }
          }
        }
        try """
        [mirror vault]
        url = \(server.url)/
        repositories = \(template)
        [chain git]
        sources = store, vault
        """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
        let good = try await fixture.build(
          [], "git clone -q https://code.example/acme/tool.git && git -C tool rev-list --count HEAD"
        )
        #expect(good.text == "1\n", "\(good.errors)")
        for _ in 0..<2 {
          let bad = try await fixture.build([], "git clone -q https://code.example/acme/evil.git")
          #expect(bad.status == 128 && bad.errors.contains("gitmodulesName"), "\(bad.errors)")
          #expect(fixture.text(".mirror/runs/last/ledger.jsonl").contains(#""outcome":"corrupt""#))
        }
        let left = try await fixture.shell(
          """
          bad=$(git -C bad rev-parse HEAD); find .mirror/git -name '*.tmp'
          for store in .mirror/git/*/*/objects.git; do
            git --git-dir $store cat-file -e $bad 2>/dev/null && echo it is in $store || true
          done
          """)
        #expect(left.text.isEmpty, "\(left.text)")
        let missing = String(repeating: "1", count: 40)
        let none = try await fixture.build([], "git -C tool fetch -q origin \(missing)")
        #expect(none.errors.contains("tool@\(missing)"), "\(none.errors)")
        #expect(fixture.text(".mirror/runs/last/ledger.jsonl").contains(#""outcome":"miss""#))
      }
    }
  }

  @Test func `says that a source is a shallow clone`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 4)
      try await fixture.shell(
        "git clone -q --bare --depth 1 \"file://$ROOT/acme/tool.git\" \"$ROOT/shallow/tool.git\"")
      try """
      [mirror vault]
      url = file://\(fixture.server.root)/shallow/
      repositories = {name}.git
      [chain git]
      sources = store, vault
      """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      let outcome = try await fixture.build([], Self.clone)
      #expect(outcome.status == 128)
      #expect(outcome.errors.contains("vault is a shallow clone"), "\(outcome.errors)")
    }
  }

  @Test func `ends an ssh that falls silent, and is not held up by it later`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 40)
      // The first call gives the refs; the second is to give the objects, and never does.
      let script = """
        count=$(cat '\(fixture.folder)/calls' 2>/dev/null || echo 0)
        echo $((count + 1)) > '\(fixture.folder)/calls'
        [ "$count" != 1 ] || exec sleep 1000
        shift; exec sh -c "$*"
        """
      let environment = try await fixture.environment(withSSH: script)
      let words = [
        "git", "clone", "-q", "ssh://git.example\(fixture.server.root)/acme/tool.git",
      ]
      let silent = try await Tool.mirrorRun([], words, in: fixture.folder, environment: environment)
      #expect(
        silent.status == 128 && silent.errors.contains("did not answer within 5 s"),
        "\(silent.errors)")
      let again = try await Tool.mirrorRun([], words, in: fixture.folder, environment: environment)
      #expect(again.status == 0, "\(again.errors)")
      let count = try await fixture.shell("git -C tool rev-list --count HEAD")
      #expect(count.text == "40\n")
    }
  }

  @Test(.enabled(if: Tool.canServeSSH, "sshd or ssh is missing: Tests/run"))
  func `takes a repository over ssh, as the origin and as a mirror`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 40)
      try await fixture.shell(
        """
        mkdir -p ../.ssh && cd ../.ssh
        ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user
        cat > sshd_config <<E
        ListenAddress 127.0.0.1
        HostKey $PWD/host
        AuthorizedKeysFile $PWD/user.pub
        StrictModes no
        PasswordAuthentication no
        PidFile none
        E
        mkdir -p /run/sshd 2>/dev/null || true
        cat > ssh <<E
        #!/bin/sh
        exec ssh -F none -i $PWD/user -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$PWD/known_hosts \\
          -o HostKeyAlias=git.example -o "ProxyCommand=/usr/sbin/sshd -i -f $PWD/sshd_config" "\\$@"
        E
        chmod +x ssh; echo "git.example $(cat host.pub)" > known_hosts
        git config --global core.sshCommand $PWD/ssh
        """)
      let user = try await fixture.shell("id -un").text.trimmingCharacters(in: .newlines)
      let root = fixture.server.root
      let address = "ssh://\(user)@git.example\(root)/acme/tool.git"
      let script = """
        rm -rf tool && git clone -q \(address) && git -C tool rev-list --count HEAD
        git -C tool config remote.origin.url
        """
      let direct = try await fixture.shell(script)
      #expect(direct.text == "40\n\(address)\n")
      let recorded = try await fixture.build([], script)
      #expect(recorded.text == direct.text, "\(recorded.errors)")
      try """
      [mirror vault]
      url = ssh://\(user)@git.example\(root)/
      repositories = {path}.git
      [chain git]
      sources = store, vault
      """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      let mirrored = try await fixture.build([], Self.clone + "\ngit -C tool rev-list --count HEAD")
      #expect(mirrored.text.hasSuffix("\n40\n"), "\(mirrored.errors)")
      try FileManager.default.removeItem(atPath: root)
      let offline = try await fixture.build(["--offline"], script)
      #expect(offline.text == direct.text, "\(offline.errors)")
    }
  }
}
