import Foundation
import GoFixtures
import MirrorTesting
import Testing

/// A build in the shape of a SONiC image: a fresh Debian in a chroot, hooks in the shape of SONiC's with
/// our seat, and root's own apt, pip, wget, curl and git in it.
///
/// Go is this machine's, as a slave's is not the archive's either.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("debootstrap", "unshare", "ip", "mount", "go"),
    "debootstrap, unshare, ip, mount or go is missing: Tests/run"),
  .enabled(if: Tool.canIsolate, "a chroot needs root"),
  .enabled(if: SonicSite.hasStaticHook, "there is no static sonic-hook: Tests/run builds it"))
struct SonicImageTests {
  /// Makes the image: Debian of this machine's release, from the archive that its apt asks.
  private static let bootstrap = """
    . /etc/os-release
    uri=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' \
      | awk -v release=$VERSION_CODENAME '$2 == release && $3 == "main" { print $1; exit }')
    [ -n "$uri" ] || { echo "apt names no archive of $VERSION_CODENAME" >&2; exit 1; }
    debootstrap --variant=minbase $VERSION_CODENAME root "$uri" >bootstrap.log 2>&1 ||
      { tail -5 bootstrap.log >&2; exit 1; }
    echo "deb $uri $VERSION_CODENAME main" > root/etc/apt/sources.list
    rm -rf root/var/lib/apt/lists/* root/var/cache/apt/archives/*.deb
    \(SonicSite.seat(in: "root", tools: ["apt", "apt-get", "curl", "dpkg", "git", "pip3", "wget"]))
    echo 'Six==1.15.0' > root/usr/local/share/buildinfo/versions/versions-py3
    ln -s "$(go env GOROOT)/bin/go" root/usr/local/bin/go
    mkdir -p root/app root/go-cache
    cp go.mod main.go root/app/
    """

  /// The upstream of git, known to the gateway's user as `https://git.example/`.
  private static let repositories = """
    git config --global user.email t@t.example && git config --global user.name t
    git config --global protocol.file.allow always
    git config --global "url.file://$PWD/upstream/.insteadOf" https://git.example/
    for name in tool top; do
      git init -q --bare -b main upstream/acme/$name.git
      git clone -q https://git.example/acme/$name.git seed-$name 2>/dev/null
      (cd seed-$name && git checkout -q -B main && echo $name > file && git add file && git commit -qm one)
    done
    (cd seed-tool && git tag v1 && echo newer > file && git commit -qam two && git push -q origin main v1)
    (cd seed-top && git submodule -q add https://git.example/acme/tool.git && git commit -qm tool &&
      git push -q origin main)
    """

  /// What a Dockerfile's RUN lines would do.
  private static func recipe(_ url: String) -> String {
    """
    set -e
    apt-get update -qq
    apt-get -o Dpkg::Use-Pty=0 install -y -qq --no-install-recommends wget curl git python3-pip >/dev/null
    mkdir /got && cd /got
    \(SonicDownloads.forms(of: url))
    pip3 download -q --disable-pip-version-check --no-cache-dir -d . six
    git init -q tree && cd tree && echo edited > file && git log --grep clone 2>/dev/null || true
    cat file > /got/edited
    mkdir /src && cd /src
    git clone -q https://git.example/acme/tool.git
    git clone -q --depth 1 -b v1 https://git.example/acme/tool tagged
    git clone -q --recurse-submodules --shallow-submodules https://git.example/acme/top.git
    for tree in tool tagged top top/tool; do
      git -C $tree rev-parse HEAD && git -C $tree config remote.origin.url && cat $tree/file
    done > /got/trees
    rm -rf /got/tree && dpkg-query -W > /got/packages
    cd /app
    go mod tidy && go mod download && go build -o app . && ./app 2> /got/answer && go mod vendor
    cp go.sum vendor/modules.txt app /got/
    """
  }

  /// Runs the recipe in a copy of the image, behind a gateway of its own.
  private static let build = """
    rm -rf image && cp -a root image
    mount -t proc proc image/proc
    # Debian's go has its sources, and what they include, in folders beside it.
    goroot=$(go env GOROOT)
    for path in "$goroot" $(find "$goroot" -maxdepth 2 -type l -xtype d -exec readlink -f {} +); do
      mkdir -p "image$path" && mount --bind "$path" "image$path"
    done
    mkdir -p "$GOCACHE" && mount --bind "$GOCACHE" image/go-cache
    echo secret-token > token
    # What an earlier gateway said is not taken for this one's words.
    : > said
    '\(SonicSite.program)' serve --listen 127.0.0.1:0 --store store --lock lock --token-file token "$@" \
      2> said &
    server=$!
    trap 'kill -9 $server 2>/dev/null' EXIT
    while ! grep -q 'serving on' said; do kill -0 $server || { cat said >&2; exit 1; }; done
    port=$(sed -n 's/.*serving on .*://p' said)
    chroot image env -i HOME=/root DEBIAN_FRONTEND=noninteractive \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      GOCACHE=/go-cache GOPATH=/tmp/go GOFLAGS=-trimpath CGO_ENABLED=0 GOSUMDB="$SUMDB" \
      MIRROR_GATEWAY=http://mirror:secret-token@127.0.0.1:$port bash -c "$RECIPE" || { cat said >&2; exit 1; }
    kill -TERM $server && wait $server
    trap - EXIT
    cat said >&2
    """

  private func build(
    _ options: [String], recipe: String, in world: GoWorld, isolated: Bool = false
  ) async throws -> Tool.Outcome {
    // The gateway has modules from that world; the image knows no more of it than the database's key.
    var environment = world.environment
    environment["RECIPE"] = recipe
    environment["SUMDB"] = world.database.verifierKey
    let spaces = isolated ? ["unshare", "-m", "-n"] : ["unshare", "-m"]
    let script = (isolated ? "ip link set lo up\n" : "") + Self.build
    return try await Tool.run(
      spaces + ["bash", "-c", script, "bash"] + options, in: world.folder, environment: environment)
  }

  @Test func `an image is recorded, and is the same when it is held to the lock, and offline`()
    async throws
  {
    try await FaultServer.run { modules in
      try await FaultServer.run { server in
        try await TemporaryFolder.with { folder in
          SonicDownloads.serve(on: server)
          let world = try GoWorld(modules, folder)
          let script = Self.bootstrap + "\n" + Self.repositories
          let made = try await Tool.run(["bash", "-ec", script], in: folder)
          #expect(made.status == 0, "\(made.errors)")
          let recipe = Self.recipe(server.url)
          let first = try await build(["--record"], recipe: recipe, in: world)
          #expect(first.status == 0, "\(first.errors)")
          let got = try FolderContents("\(folder)/image/got")
          #expect(got.files["c6"] == Data("ran\n".utf8))
          #expect(got.files["answer"] == Data("470\n".utf8))
          #expect(got.names.contains("app"))
          #expect(got.files["edited"] == Data("edited\n".utf8))
          #expect(got.names.contains { $0.hasPrefix("six-1.15.0") }, "\(got.names)")
          let lock = try String(contentsOfFile: "\(folder)/lock", encoding: .utf8)
          for line in [
            "apt ", "pip pkg:pypi/six@1.15.0", "web \(server.url)/a.tgz",
            "git https://git.example/acme/tool sha256:", "git https://git.example/acme/top sha256:",
            "go example.test/m1/@v/v1.1.0.zip ",
          ] {
            #expect(lock.split(separator: "\n").contains { $0.hasPrefix(line) }, "\(line)")
          }
          #expect(!FileManager.default.fileExists(atPath: "\(folder)/image/hooks.log"))
          let secret = try await Tool.run(
            ["grep", "-rl", "secret-token", "image/usr/local/share/buildinfo"], in: folder)
          #expect(secret.text == "", "the token is in the image")

          #expect(
            String(decoding: got.files["trees"] ?? Data(), as: UTF8.self).split(separator: "\n")
              .count { $0 == "tool" } == 1)
          // Upstream goes on; the lock does not.
          let newer = try await Tool.run(
            [
              "sh", "-ec",
              "cd seed-tool && echo newest > file && git commit -qam three && git push -qf origin HEAD:main HEAD:v1",
            ], in: folder, environment: world.environment)
          #expect(newer.status == 0, "\(newer.errors)")
          server.script("/a.tgz", .file(Array("another".utf8)))
          let held = try await build(["--locked"], recipe: recipe, in: world)
          #expect(held.status == 0, "\(held.errors)")
          #expect(try FolderContents("\(folder)/image/got") == got)
          try FileManager.default.removeItem(atPath: "\(folder)/upstream")
          let second = try await build(["--offline"], recipe: recipe, in: world, isolated: true)
          #expect(second.status == 0, "\(second.errors)")
          #expect(try FolderContents("\(folder)/image/got") == got)
        }
      }
    }
  }
}
