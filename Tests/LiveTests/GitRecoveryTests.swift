import Foundation
import MirrorTesting
import Testing

/// The store's git folder when something happens to it: killed runs, a full disk, damage, loss.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitRecoveryTests {
  private static let clone = """
    rm -rf big && git clone -q https://git.example/acme/big.git || exit
    git -C big for-each-ref; git -C big fsck --strict 2>&1
    """

  @Test func `a killed run leaves a sound store, also with git's own remains in it`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 3000)
      // Git's server kills the run when it is asked for objects, and the fetch with it.
      try await fixture.shell(
        """
        cat > hook <<'E'
        #!/bin/bash
        [ -e "\(fixture.folder)/killed" ] && exec "$@"
        touch "\(fixture.folder)/killed"
        kill -9 $(cat "\(fixture.folder)/pid")
        "$@" | head -c 50000
        E
        chmod +x hook
        git config --global uploadpack.packObjectsHook "$PWD/hook"
        """)
      let killed = try await fixture.build(
        [], "echo $PPID > pid; git clone -q https://git.example/acme/big.git")
      #expect(killed.status == 128 + 9)
      let remains = try await fixture.shell(
        """
        cd .mirror/git/*/*/objects.git
        touch packed-refs.lock objects/pack/tmp_pack_x; mkdir -p refs/now/heads
        touch refs/now/heads/main.lock; pwd
        """)
      let outcome = try await fixture.build([], Self.clone)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.text == (try await fixture.shell(Self.clone)).text)
      let left = try await fixture.shell(
        "find .mirror/git -name '*.lock' -o -name 'tmp_*' -o -name '*.tmp'")
      #expect(left.text.isEmpty, "\(left.text) \(remains.text)")
      let check = try await Tool.run([Tool.mirror, "check"], in: fixture.folder)
      #expect(check.status == 0, "\(check.errors)")
    }
  }

  @Test(
    .enabled(if: Tool.areInstalled("unshare", "mount"), "unshare or mount is missing: Tests/run"),
    .enabled(if: Tool.canIsolate, "a mount namespace needs root"))
  func `a full disk is said clearly, and is no harm when there is room again`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/small", commits: 3)
      try await fixture.shell(
        """
        git clone -q "$ROOT/acme/small.git" ../seed && cd ../seed && head -c 9000000 /dev/urandom > f
        git add f && git commit -qm big && git clone -q --bare . "$ROOT/acme/big.git"
        """)
      let script = """
        run() { '\(Tool.mirror)' run --store disk/store -- git clone -q "https://git.example/acme/$1.git"; }
        mkdir disk && mount -t tmpfs -o size=8m none disk || exit 99
        run small || exit 98
        run big; echo "status $?"
        '\(Tool.mirror)' check --store disk/store; echo "check $?"
        mount -o remount,size=64m disk
        run big; echo "again $?"; git -C big fsck 2>&1
        '\(Tool.mirror)' check --store disk/store; echo "check $?"
        """
      let outcome = try await Tool.run(
        ["unshare", "-m", "sh", "-c", script], in: fixture.folder, environment: fixture.environment)
      #expect(
        outcome.text == "status 128\ncheck 0\nagain 0\ncheck 0\n",
        "\(outcome.text) \(outcome.errors)")
      #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    }
  }

  @Test func `check sees lost and damaged objects`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 50)
      // A commit that no ref leads to.
      let lone = try await fixture.shell(
        "git -C \"$ROOT/acme/big.git\" commit-tree -m lone 'main^{tree}'"
      ).text.trimmingCharacters(in: .newlines)
      let recorded = try await fixture.build(
        [], "\(Self.clone)\ngit -C big fetch -q https://git.example/acme/big.git \(lone)")
      #expect(recorded.status == 0, "\(recorded.errors)")
      let good = try await Tool.run([Tool.mirror, "check"], in: fixture.folder)
      #expect(good.status == 0, "\(good.errors)")
      try await fixture.shell(
        """
        cp -r .mirror sound
        pack=$(ls -S .mirror/git/*/*/objects.git/objects/pack/*.pack | head -1); chmod +w $pack
        printf 'xxxx' | dd of=$pack bs=1 seek=600 conv=notrunc status=none
        """)
      let damaged = try await Tool.run([Tool.mirror, "check"], in: fixture.folder)
      #expect(
        damaged.status == 23
          && damaged.errors.contains("damaged: git https://git.example/acme/big "))
      try await fixture.shell("rm -rf .mirror/git")
      let lost = try await Tool.run([Tool.mirror, "check", "--json"], in: fixture.folder)
      #expect(
        lost.status == 26 && lost.text.contains("git https://git.example/acme/big@"), "\(lost.text)"
      )
    }
  }

  @Test func `a locked run without the git folder takes the commits from where they still are`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 50)
      let recorded = try await fixture.build([], Self.clone)
      #expect(recorded.status == 0, "\(recorded.errors)")
      // Upstream's main goes on, and its branch is gone, but its commit is still there.
      try await fixture.shell(
        """
        git clone -q "$ROOT/acme/big.git" ../mover && cd ../mover
        echo other > other && git add other && git commit -qm other && git push -q origin HEAD:main :side
        """)
      try await fixture.shell("rm -rf .mirror/git")
      let offline = try await fixture.build(["--offline"], Self.clone)
      #expect(offline.status == 128 && offline.errors.contains("offline, and not in the store"))
      let locked = try await fixture.build(["--locked"], Self.clone)
      #expect(locked.text == recorded.text, "\(locked.errors)")
      let again = try await fixture.build(["--offline"], Self.clone)
      #expect(again.text == recorded.text, "\(again.errors)")

      // With nothing but the lock nobody knows any more which refs there were.
      try await fixture.shell("rm -rf .mirror")
      let bare = try await fixture.build(["--locked"], Self.clone)
      #expect(
        bare.status == 128 && bare.errors.contains("origin has other refs now"), "\(bare.errors)")
      // A mirror of the recorded repository has them as they were.
      try await fixture.shell(
        """
        git clone -q --mirror "$ROOT/acme/big.git" ../kept/big.git && cd ../kept/big.git
        git update-ref refs/heads/main main~1 && git update-ref refs/heads/side v1
        """)
      try """
      [mirror kept]
      url = file://\(fixture.folder)/../kept/
      repositories = {name}.git
      [chain git]
      sources = store, kept, origin
      """.write(toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      let kept = try await fixture.build(["--locked"], Self.clone)
      #expect(kept.text == recorded.text, "\(kept.errors)")
    }
  }

  @Test func `a question that is too long is refused, packed or not`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 3)
      try """
      import os, sys, urllib.parse, urllib.request, base64, zlib
      gateway = urllib.parse.urlsplit(os.environ["MIRROR_GATEWAY"])
      login = base64.b64encode(f"{gateway.username}:{gateway.password}".encode()).decode()
      opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
      packer = zlib.compressobj(9, zlib.DEFLATED, 31)
      packed = b"".join(packer.compress(b"0" * 1000000) for _ in range(40)) + packer.flush()
      for body, extra in (packed, {"Content-Encoding": "gzip"}), (b"0" * 11000000, {}):
        request = urllib.request.Request(
          f"http://{gateway.hostname}:{gateway.port}/git/https/git.example/acme/big.git/git-upload-pack", body,
          {"Authorization": "Basic " + login, "Content-Type": "application/x-git-upload-pack-request"} | extra)
        try: print(opener.open(request).read().decode())
        except urllib.error.HTTPError as error: print(error.code, error.read().decode())
        except urllib.error.URLError as error: print("broke off")
      """.write(toFile: "\(fixture.folder)/ask.py", atomically: true, encoding: .utf8)
      let outcome = try await fixture.build(
        [], "git ls-remote -q https://git.example/acme/big.git >/dev/null; python3 ask.py")
      let lines = outcome.text.split(separator: "\n")
      #expect(lines.first?.contains("is longer than 32 MiB") ?? false, "\(outcome.text)")
      #expect(lines.last.map { $0.contains("10 MiB") || $0 == "broke off" } ?? false)
    }
  }
}
