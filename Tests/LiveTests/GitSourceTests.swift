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
