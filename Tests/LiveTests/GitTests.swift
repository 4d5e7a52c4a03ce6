import Foundation
import MirrorTesting
import Testing

/// Real git, with `git http-backend` as the upstream.
@Suite(
  .serialized,
  .enabled(if: Tool.areInstalled("git", "python3"), "git or python3 is missing: Tests/run"))
struct GitTests {
  /// Every form of taking something from a repository; what it prints says what came.
  private static let forms = """
    U=https://git.example/acme/big.git
    rm -rf c; mkdir c; cd c
    show() { echo "$1: $(git -C $1 rev-list --count HEAD) $(git -C $1 rev-parse HEAD)"; }
    git clone -q $U plain && show plain
    git -C plain config remote.origin.url
    git -C plain for-each-ref
    git -C plain fsck --full --strict 2>&1
    git clone -q https://git.example/acme/big/ bare-name 2>/dev/null || echo no such name
    git clone -q --depth 1 $U shallow && show shallow
    git -C shallow fetch -q --unshallow && show shallow
    git clone -q --shallow-since=@1600540000 $U since && show since
    git clone -q --filter=blob:none --no-checkout $U partial && show partial
    git -C partial rev-list --objects --missing=print HEAD | grep -c '^?'
    git -C partial checkout -q HEAD -- dir1/f1 && sha256sum partial/dir1/f1
    git clone -q -b side $U branch && show branch
    git clone -q -b v1 $U tag 2>/dev/null && show tag
    git clone -q --mirror $U mirrored && git -C mirrored for-each-ref
    git ls-remote --symref $U
    git init -q by-id && git -C by-id fetch -q --depth 1 $U $(git -C plain rev-parse HEAD~777)
    git -C by-id log --format=%s FETCH_HEAD
    git archive --remote=$U HEAD 2>&1; echo archive $?
    git -c protocol.version=0 clone -q $U zero && show zero
    git -c protocol.version=1 clone -q $U one && show one
    git clone -q https://git.example/acme/none.git none 2>/dev/null; echo none $?
    git -C plain fetch -q && git -C plain status -sb
    """

  @Test(.enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `repeats every form of clone after upstream moved, and after it was removed`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 10_000)
      let direct = try await fixture.shell("set +e\n" + Self.forms)
      #expect(direct.text.contains("plain: 10000 "))
      // Git's server does not know the name without .git; ours knows the repository by both.
      let expected = direct.text.replacing("no such name\n", with: "")
      let recorded = try await fixture.build([], Self.forms)
      #expect(recorded.status == 0, "\(recorded.errors)")
      #expect(recorded.text == expected)
      let lock = fixture.text("mirror.lock")
      #expect(lock.contains("git https://git.example/acme/big sha256:"))
      #expect(lock.contains("git https://git.example/acme/none absent"))

      try await fixture.shell(
        """
        git clone -q "$ROOT/acme/big.git" ../mover && cd ../mover
        git reset -q --hard HEAD~100 && echo other > other && git add other && git commit -qm other
        git push -qf origin HEAD:main && git push -q origin :side && git push -qf origin HEAD:refs/tags/v1
        git -C "$ROOT/acme/big.git" gc -q --prune=now
        """)
      let locked = try await fixture.build(["--locked"], Self.forms)
      #expect(locked.text == expected, "\(locked.errors)")
      let anew = try await fixture.build(
        ["--lock", "new.lock"], "git ls-remote https://git.example/acme/big.git")
      #expect(!anew.text.contains("refs/heads/side"), "a recording sees what upstream has now")

      try FileManager.default.removeItem(atPath: fixture.server.root)
      let offline = try await fixture.build(["--offline"], Self.forms, isolated: true)
      #expect(offline.text == expected, "\(offline.errors)")
      #expect(fixture.text("mirror.lock") == lock)
    }
  }

  /// Clones a tree of submodules whole and shallow; what it prints says what came of each level.
  private static let nest = """
    rm -rf top low
    git clone -q --recurse-submodules https://git.example/acme/top.git
    git clone -q --recurse-submodules --depth 1 --shallow-submodules https://git.example/acme/top.git low
    for tree in top low; do
      for level in "" /app.v2 /app.v2/lib.core /app.v2/lib.core/deep; do
        git -C $tree$level config remote.origin.url
        git -C $tree$level rev-list --count HEAD
      done
      git -C $tree submodule status --recursive
      cat $tree/dir1/f1 $tree/app.v2/lib.core/deep/dir1/f1
    done
    """

  @Test(.enabled(if: Tool.canIsolate, "a network namespace needs root"))
  func `repeats submodules three deep after each moved, and after all were removed`() async throws {
    try await GitFixture.run { fixture in
      for name in ["deep", "lib.core", "app.v2", "top"] {
        try await fixture.makeRepository("acme/\(name)", commits: 3)
      }
      try await fixture.shell(
        """
        nest() {
          git clone -q "$ROOT/acme/$1.git" ../nest-$1 && git -C ../nest-$1 submodule -q add "$3" $2
          git -C ../nest-$1 commit -qm sub && git -C ../nest-$1 push -q origin HEAD
        }
        git clone -q "$ROOT/acme/deep.git" ../nest-deep
        nest lib.core deep https://git.example/acme/deep.git
        nest app.v2 lib.core https://git.example/acme/lib.core.git
        cd ../nest-app.v2 && git config -f .gitmodules submodule.lib.core.url ../lib.core.git
        git commit -qam relative && git push -q origin HEAD && cd ../work
        nest top app.v2 https://git.example/acme/app.v2.git
        """)
      let first = try await fixture.build([], "set -e\n\(Self.nest)")
      #expect(first.status == 0, "\(first.errors)")
      let lines = first.text.split(separator: "\n")
      #expect(lines.count { $0.hasPrefix(" ") } == 6, "\(first.text)")
      #expect(lines.contains("https://git.example/acme/lib.core.git"), "\(first.text)")
      #expect(lines.count { $0 == "1" } == 4, "\(first.text)")
      let lock = fixture.text("mirror.lock")

      // From the deepest up, each level's tip is replaced, and what was there before is forgotten.
      try await fixture.shell(
        """
        for level in deep: lib.core:deep app.v2:lib.core top:app.v2; do
          child=${level#*:}; cd ../nest-${level%:*}
          echo moved > dir1/f1 && git add dir1/f1
          [ -z "$child" ] || git update-index --cacheinfo 160000,$tip,$child
          git commit -q --amend -m moved && git push -qf origin HEAD:main && tip=$(git rev-parse HEAD)
          git -C "$ROOT/acme/${level%:*}.git" gc -q --prune=now
        done
        """)
      let anew = try await fixture.build(["--lock", "new.lock"], "set -e\n\(Self.nest)")
      #expect(anew.text.split(separator: "\n").count { $0 == "moved" } == 4, "\(anew.errors)")
      let locked = try await fixture.build(["--locked"], Self.nest)
      #expect(locked.text == first.text, "\(locked.errors)")

      try FileManager.default.removeItem(atPath: fixture.server.root)
      let offline = try await fixture.build(["--offline"], Self.nest, isolated: true)
      #expect(offline.text == first.text, "\(offline.errors)")
      #expect(fixture.text("mirror.lock") == lock)
    }
  }

  @Test func `touches nothing that is not its own`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/app.v2", commits: 3)
      let edits = """
        [ -e own ] || { git init -q own; echo draft > own/draft; git -C own add draft; echo more >> own/draft; }
        cd own; rm -rf app.v2
        git log --grep clone; git -C .. status >/dev/null 2>&1
        git clone -q https://git.example/acme/app.v2 ; git clone -q https://git.example/acme/none
        cat draft; git status --short draft
        """
      for options in [[], ["--offline"], ["--locked"]] {
        let survived = try await fixture.build(options, edits)
        #expect(survived.text == "draft\nmore\nAM draft\n", "\(options) \(survived.errors)")
      }
      let refused = try await fixture.build(
        ["--locked"],
        "cd own; git pull -q https://git.example/acme/other.git main; echo $?; git status --short draft"
      )
      #expect(refused.text.hasSuffix("\nAM draft\n") && refused.status == 20, "\(refused.errors)")
      #expect(fixture.text("own/draft") == "draft\nmore\n")
    }
  }

  @Test func `fetches a cold repository once for twenty clones, and pushes to the original`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/big", commits: 10_000)
      let clones = """
        for i in $(seq 20); do git clone -q https://git.example/acme/big.git c$i & done; wait
        for i in $(seq 20); do git -C c$i rev-list --count HEAD; done | sort | uniq -c
        """
      let outcome = try await fixture.build([], clones)
      #expect(
        outcome.text.trimmingCharacters(in: .whitespaces) == "20 10000\n", "\(outcome.errors)")
      #expect(fixture.server.fetches == 1)
      let push = try await fixture.build(
        [], "git -C c1 push -q origin HEAD:refs/heads/pushed; echo $?")
      #expect(push.text == "0\n", "\(push.errors)")
      let pushed = try await fixture.shell("git -C \"$ROOT/acme/big.git\" rev-parse pushed main")
      #expect(Set(pushed.text.split(separator: "\n")).count == 1)
    }
  }

  @Test func `records a commit that the refs do not lead to, though another look-up brought it`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 5)
      let commit = try await fixture.shell(
        """
        cd "$ROOT/acme/tool.git" && git update-ref refs/heads/other $(git commit-tree -m other -p main~2 'main^{tree}')
        git rev-parse other
        """
      ).text.trimmingCharacters(in: .newlines)
      let clone = "rm -rf tool; git clone -q https://git.example/acme/tool.git"
      let fetch = "\(clone); git -C tool fetch -q origin \(commit); echo $?"
      let before = try await fixture.build(["--lock", "a.lock"], clone)
      #expect(before.status == 0, "\(before.errors)")
      try await fixture.shell("git -C \"$ROOT/acme/tool.git\" update-ref -d refs/heads/other")
      let without = try await fixture.build(["--lock", "b.lock"], clone)
      #expect(without.status == 0, "\(without.errors)")
      let refused = try await fixture.build(["--locked", "--lock", "b.lock"], fetch)
      #expect(refused.text == "128\n" && refused.errors.contains("not in the lock"))
      let reached = try await fixture.build(
        ["--locked", "--lock", "b.lock"],
        "\(clone); git init -q new; git -C new fetch -q --depth 1 https://git.example/acme/tool.git $(git -C tool rev-parse HEAD~3); echo $?"
      )
      #expect(reached.text == "0\n", "\(reached.errors)")
      let recorded = try await fixture.build(["--lock", "c.lock"], fetch)
      #expect(recorded.text == "0\n", "\(recorded.errors)")
      #expect(fixture.text("c.lock").contains("acme/tool@\(commit) "))
      #expect(!fixture.text("b.lock").contains(commit))
      let locked = try await fixture.build(["--locked", "--lock", "c.lock"], fetch)
      #expect(locked.text == "0\n", "\(locked.errors)")
    }
  }

  @Test func `finds the commit of a lock behind a branch where the server gives none by its id`()
    async throws
  {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 5)
      // A lock of nothing but commits, as versions-git is read.
      let commit = try await fixture.shell(
        """
        git config --global protocol.version 0
        git -C "$ROOT/acme/tool.git" config uploadpack.allowAnySHA1InWant false
        id=$(git -C "$ROOT/acme/tool.git" rev-parse main~1)
        printf "ref: refs/heads/main\\tHEAD\\n$id\\tHEAD\\n$id\\trefs/heads/main\\n" > refs
        sum=$(sha256sum < refs | cut -d' ' -f1)
        echo 'mirror.lock 1' > mirror.lock
        echo "git https://git.example/acme/tool sha256:$sum $(stat -c %s refs) changes=yes commit=$id" >> mirror.lock
        echo $id
        """
      ).text
      let locked = try await fixture.build(
        ["--locked"],
        "git clone -q https://git.example/acme/tool.git && git -C tool rev-parse HEAD && git -C tool branch -a"
      )
      #expect(locked.text.hasPrefix(commit), "\(locked.errors)")
      #expect(!locked.text.contains("side"), "\(locked.text)")
    }
  }

  @Test func `shows HEAD and names as upstream does, also where they are odd`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 5)
      // Of its names, one is not UTF-8, and two are the same letter.
      try await fixture.shell(
        """
        cd "$ROOT/acme/tool.git" && git symbolic-ref HEAD refs/heads/gone
        for name in $'\\xe9' $'\\xc3\\xa9' $'e\\xcc\\x81'; do git update-ref "refs/heads/$name" main; done
        git pack-refs --all
        """)
      let script = "git ls-remote --symref https://git.example/acme/tool.git"
      let direct = try await fixture.shell(script)
      #expect(!direct.text.contains("HEAD") && direct.text.contains("refs/heads/main"))
      #expect(direct.output.count { $0 == 0x0A } == 6)
      let recorded = try await fixture.build([], script)
      #expect(recorded.output == direct.output, "\(recorded.errors)")
    }
  }

  @Test func `says what is not there, and gives nothing else instead`() async throws {
    try await GitFixture.run { fixture in
      try await fixture.makeRepository("acme/tool", commits: 5)
      let missing = String(repeating: "1", count: 40)
      let id = "git -C tool fetch -q origin \(missing); echo $?"
      let outcome = try await fixture.build(
        [],
        "git clone -q https://git.example/acme/tool.git; \(id); git clone -q https://git.example/a/no; echo $?"
      )
      #expect(outcome.text == "128\n128\n")
      #expect(outcome.errors.contains("tool@\(missing): nobody has it"), "\(outcome.errors)")
      #expect(outcome.errors.contains("https://git.example/a/no"))
      let locked = try await fixture.build(
        ["--locked"], "rm -rf tool; git clone -q https://git.example/acme/other.git; echo $?")
      #expect(locked.text == "128\n" && locked.status == 20)
      #expect(locked.errors.contains("not in the lock"))
    }
  }

  @Test func `reads from a mirror by template with a credential that is shown to nobody else`()
    async throws
  {
    let token = "robot:s3cret-token"
    let header = "Basic \(Data(token.utf8).base64EncodedString())"
    try await GitFixture.run(login: header) { fixture in
      try await fixture.makeRepository("scm/acme-tool", commits: 5)
      let configuration = """
        [mirror vault]
        url = \(fixture.server.url)/scm/
        repositories = {owner}-{name}.git
        credential = env:VAULT
        mode = gatekeeper
        [chain git]
        sources = store, vault
        """
      try configuration.write(
        toFile: "\(fixture.folder)/mirror.conf", atomically: true, encoding: .utf8)
      var environment = fixture.environment
      environment["VAULT"] = token
      let words = ["git", "clone", "-q", "git@code.example:acme/tool.git"]
      let good = try await Tool.mirrorRun([], words, in: fixture.folder, environment: environment)
      #expect(good.status == 0, "\(good.errors)")
      let places = try await Tool.run(
        ["grep", "-rlE", "s3cret-token|\(header.dropFirst(6))", "."], in: fixture.folder)
      #expect(places.text.isEmpty, "the credential is written in \(places.text)")
      #expect(fixture.text("mirror.lock").contains("git scp://code.example/acme/tool sha256:"))
      environment["VAULT"] = "robot:wrong"
      let bad = try await Tool.mirrorRun(
        [], ["git", "clone", "-q", "ssh://git@code.example/acme/tool.git", "again"],
        in: fixture.folder, environment: environment)
      #expect(bad.status == 128 && bad.errors.contains("vault"), "\(bad.errors)")
      #expect(!bad.errors.contains("robot:"))
    }
  }
}
