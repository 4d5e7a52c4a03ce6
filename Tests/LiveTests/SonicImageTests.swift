import Foundation
import MirrorTesting
import Testing

/// A build in the shape of a SONiC image: a fresh Debian in a chroot, hooks in the shape of SONiC's with
/// our seat, and root's own apt, pip, wget, curl and git in it.
@Suite(
  .serialized,
  .enabled(
    if: Tool.areInstalled("debootstrap", "unshare", "ip", "mount"),
    "debootstrap, unshare, ip or mount is missing: Tests/run"),
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
    info=root/usr/local/share/buildinfo
    mkdir -p $info/hooks $info/scripts $info/config $info/versions
    echo '. /usr/local/share/buildinfo/config/buildinfo.config' > $info/scripts/base.sh
    echo 'export SONIC_VERSION_CONTROL_COMPONENTS=py3,web,git' > $info/config/buildinfo.config
    echo 'Six==1.15.0' > $info/versions/versions-py3
    for tool in apt apt-get curl dpkg git pip3 wget; do
      cat > $info/hooks/$tool <<'END'
    #!/bin/bash
    . /usr/local/share/buildinfo/scripts/base.sh
    echo "${0##*/}" >> /hooks.log
    PATH=${PATH#*sbin:} exec ${0##*/} "$@"
    END
      chmod 755 $info/hooks/$tool
      ln -s /usr/local/share/buildinfo/hooks/$tool root/usr/local/sbin/$tool
    done
    \(SonicSite.program) hook install --buildinfo $info --program \(SonicSite.staticHook) --required
    """

  /// What a Dockerfile's RUN lines would do.
  private static func recipe(_ url: String) -> String {
    """
    set -e
    apt-get update -qq
    apt-get -o Dpkg::Use-Pty=0 install -y -qq --no-install-recommends wget curl git python3-pip >/dev/null
    mkdir /got && cd /got
    wget -q -O one.tgz \(url)/one.tgz
    wget -q \(url)/two.tgz -O late.tgz
    curl -fsSL -o three \(url)/three.tgz
    curl -fsSL \(url)/script | bash > ran
    pip3 download -q --disable-pip-version-check --no-cache-dir -d . six
    git init -q tree && cd tree && echo edited > file && git log --grep clone 2>/dev/null || true
    cat file > /got/edited
    rm -rf /got/tree && dpkg-query -W > /got/packages
    """
  }

  /// Runs the recipe in a copy of the image, behind a gateway of its own.
  private static let build = """
    rm -rf image && cp -a root image
    mount -t proc proc image/proc
    echo secret-token > token
    '\(SonicSite.program)' serve --listen 127.0.0.1:0 --store store --lock lock --token-file token "$@" \
      2> said &
    server=$!
    trap 'kill -9 $server 2>/dev/null' EXIT
    while ! grep -q 'serving on' said; do kill -0 $server || { cat said >&2; exit 1; }; done
    port=$(sed -n 's/.*serving on .*://p' said)
    chroot image env -i HOME=/root DEBIAN_FRONTEND=noninteractive \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      MIRROR_GATEWAY=http://mirror:secret-token@127.0.0.1:$port bash -c "$RECIPE" || { cat said >&2; exit 1; }
    kill -TERM $server && wait $server
    trap - EXIT
    cat said >&2
    """

  private func build(
    _ options: [String], recipe: String, in folder: String, isolated: Bool = false
  ) async throws -> Tool.Outcome {
    var environment = Tool.environment(home: folder)
    environment["RECIPE"] = recipe
    let spaces = isolated ? ["unshare", "-m", "-n"] : ["unshare", "-m"]
    let script = (isolated ? "ip link set lo up\n" : "") + Self.build
    return try await Tool.run(
      spaces + ["bash", "-c", script, "bash"] + options, in: folder, environment: environment)
  }

  @Test func `an image is recorded, and is the same offline`() async throws {
    try await FaultServer.run { server in
      for name in ["one.tgz", "two.tgz", "three.tgz"] {
        server.script("/\(name)", .file(Array("bytes of \(name)".utf8)))
      }
      server.script("/script", .file(Array("echo ran\n".utf8)))
      try await TemporaryFolder.with { folder in
        let made = try await Tool.run(["bash", "-ec", Self.bootstrap], in: folder)
        #expect(made.status == 0, "\(made.errors)")
        let recipe = Self.recipe(server.url)
        let first = try await build(["--record"], recipe: recipe, in: folder)
        #expect(first.status == 0, "\(first.errors)")
        let got = try FolderContents("\(folder)/image/got")
        #expect(got.files["ran"] == Data("ran\n".utf8))
        #expect(got.files["edited"] == Data("edited\n".utf8))
        #expect(got.names.contains { $0.hasPrefix("six-1.15.0") }, "\(got.names)")
        let lock = try String(contentsOfFile: "\(folder)/lock", encoding: .utf8)
        for line in ["apt ", "pip pkg:pypi/six@1.15.0", "web \(server.url)/one.tgz"] {
          #expect(lock.split(separator: "\n").contains { $0.hasPrefix(line) }, "\(line)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/image/hooks.log"))
        let secret = try await Tool.run(
          ["grep", "-rl", "secret-token", "image/usr/local/share/buildinfo"], in: folder)
        #expect(secret.text == "", "the token is in the image")

        let second = try await build(
          ["--offline"], recipe: recipe, in: folder, isolated: true)
        #expect(second.status == 0, "\(second.errors)")
        #expect(try FolderContents("\(folder)/image/got") == got)
      }
    }
  }
}
